/*
 * Purchases: what was bought with a card, and the points it moved. They are
 * made through the dialects of shops; here they are read.
 */
#include "dialect/native/native.h"
#include "domain/purchase.h"

static struct money
points(int64_t n)
{
	return (struct money){ n, unit_by_id(UNIT_POINTS) };
}

static void
put_purchase(struct call *c, struct json_out *o, const struct purchase *p)
{
	json_obj(o, NULL);
	json_str(o, "id", v1_purchase_id(c, p->id));
	json_str(o, "card", p->card);
	json_money(o, "amount", p->amount);
	json_money(o, "discount", p->discount);
	json_money(o, "spent", points(p->spent));
	json_money(o, "earned", points(p->earned));
	json_money(o, "points_after", points(p->points_after));
	json_money(o, "worth_after", p->worth_after);
	json_str(o, "detail", p->detail);
	v1_put_instant(c, o, "created_at", p->created_us);
	json_obj_end(o);
}

enum err
v1_purchases_list(struct call *c)
{
	struct page_in page;
	struct purchase_list_out out;
	struct str code;
	struct json_out o;
	size_t i;

	TRY(v1_query_list(c, &page, NULL, 0));
	TRY(v1_arg(c, ERR_CARD_NOT_FOUND, &code));
	TRY(purchase_list(&c->ctx, code, &page, &out));
	o = v1_list(c);
	for (i = 0; i < out.n; i++)
		put_purchase(c, &o, &out.items[i]);
	return v1_list_end(c, &o, out.next);
}
