/*
 * Reservations: codes set aside for cards to come. No card has them yet.
 */
#include "dialect/native/native.h"
#include "domain/account.h"

static void
put_reservation(struct call *c, struct json_out *o,
    const struct reservation *r)
{
	json_obj(o, NULL);
	json_str(o, "code", r->code);
	json_str(o, "programme", r->programme);
	json_str(o, "agency", r->agency);
	json_str(o, "batch", r->batch);
	v1_put_instant(c, o, "expires_at", r->expires_us);
	if (r->lapsed)
		json_bool(o, "lapsed", true);
	v1_put_instant(c, o, "created_at", r->created_us);
	json_obj_end(o);
}

enum err
v1_reservations_list(struct call *c)
{
	struct reservation_list_in in = {0};
	struct reservation_list_out out;
	const struct v1_param filters[] = {
		{ "agency", &in.agency },
		{ "batch", &in.batch },
	};
	struct json_out o;
	size_t i;

	TRY(v1_query_list(c, &in.page, filters, COUNT(filters)));
	TRY(reservation_list(&c->ctx, &in, &out));
	o = v1_list(c);
	for (i = 0; i < out.n; i++)
		put_reservation(c, &o, &out.items[i]);
	return v1_list_end(c, &o, out.next);
}
