/*
 * The shapes that several calls answer with. Absent means unknown or not
 * applicable; null is never written.
 */
#include "dialect/native/native.h"

static void
put_amount(struct json_out *o, const char *key, int64_t minor,
    const struct unit *unit)
{
	json_money(o, key, (struct money){ minor, unit });
}

void
v1_put_card(struct call *c, struct json_out *o, const struct card *card)
{
	size_t i;

	json_obj(o, NULL);
	json_str(o, "code", card->code);
	json_str(o, "programme", card->programme);
	json_str(o, "kind", str_of(kind_name(card->kind)));
	json_str(o, "state", card->state);
	v1_put_date(c, o, "expires_on", card->expires_on);
	json_str(o, "customer", card->customer);
	json_str(o, "store", card->store);
	json_str(o, "reference", card->reference);
	json_str(o, "note", card->note);
	v1_put_instant(c, o, "created_at", card->created_us);
	json_arr(o, "purses");
	for (i = 0; i < card->n_purses; i++) {
		const struct purse *p = &card->purses[i];

		json_obj(o, NULL);
		put_amount(o, "balance", p->balance, p->unit);
		put_amount(o, "held", p->held, p->unit);
		put_amount(o, "available", p->available, p->unit);
		json_i64(o, "version", p->version);
		json_obj_end(o);
	}
	json_arr_end(o);
	json_obj_end(o);
}

struct str
v1_purchase_id(struct call *c, int64_t id)
{
	return str_printf(c->ctx.arena, "%lld", (long long)id);
}

static void
put_purchase(struct call *c, struct json_out *o, const struct transfer *t)
{
	json_obj(o, "purchase");
	json_str(o, "id", v1_purchase_id(c, t->purchase_id));
	json_money(o, "amount", t->purchase_amount);
	json_money(o, "discount", t->purchase_discount);
	json_str(o, "detail", t->purchase_detail);
	json_obj_end(o);
}

void
v1_put_transfer(struct call *c, struct json_out *o, const char *key,
    const struct transfer *t, const struct money *requested)
{
	const struct unit *unit = t->value.unit;

	json_obj(o, key);
	json_str(o, "id", transfer_id_format(c->ctx.arena, t->id));
	json_str(o, "card", t->card);
	json_str(o, "kind", t->kind);
	json_str(o, "direction", str_of(transfer_direction(t->direction)));
	json_money(o, "value", t->value);
	if (requested != NULL)
		json_money(o, "requested", *requested);
	put_amount(o, "balance_after", t->balance_after, unit);
	put_amount(o, "held_after", t->held_after, unit);
	v1_put_instant(c, o, "created_at", t->created_us);
	if (t->origin.card != 0)
		json_str(o, "origin",
		    transfer_id_format(c->ctx.arena, t->origin));
	json_str(o, "reference", t->reference);
	json_str(o, "reason", t->reason);
	if (t->purchase_id != 0)
		put_purchase(c, o, t);
	json_obj_end(o);
}

enum err
v1_transfer_made(struct call *c, const struct transfer *t,
    const struct money *requested)
{
	struct json_out o = v1_reply(c, 201);

	v1_location(c, "/v1/transfers/",
	    transfer_id_format(c->ctx.arena, t->id));
	v1_put_transfer(c, &o, NULL, t, requested);
	return v1_reply_end(c);
}

void
v1_put_hold(struct call *c, struct json_out *o, const struct hold *h,
    const struct money *requested, bool with_history)
{
	const struct unit *unit = h->value.unit;
	size_t i;

	json_obj(o, NULL);
	json_str(o, "id", transfer_id_format(c->ctx.arena, h->id));
	json_str(o, "card", h->card);
	json_str(o, "state", h->state);
	json_money(o, "value", h->value);
	if (requested != NULL)
		json_money(o, "requested", *requested);
	put_amount(o, "remaining", h->remaining, unit);
	put_amount(o, "captured", h->captured, unit);
	put_amount(o, "released", h->released, unit);
	v1_put_instant(c, o, "expires_at", h->expires_us);
	v1_put_instant(c, o, "created_at", h->created_us);
	json_str(o, "reference", h->reference);
	if (with_history) {
		json_arr(o, "history");
		for (i = 0; i < h->n_history; i++)
			v1_put_transfer(c, o, NULL, &h->history[i], NULL);
		json_arr_end(o);
	}
	json_obj_end(o);
}

void
v1_put_tenant(struct call *c, struct json_out *o, const char *key,
    const struct tenant *t)
{
	json_obj(o, key);
	json_str(o, "id", t->id);
	json_str(o, "name", t->name);
	json_str(o, "host", t->host);
	json_str(o, "state", t->state);
	json_str(o, "time_zone", t->time_zone);
	if (t->currency != NULL)
		json_str(o, "currency", str_of(t->currency->name));
	json_bool(o, "reseller", t->reseller);
	json_raw(o, "settings", t->settings);
	v1_put_instant(c, o, "created_at", t->created_us);
	json_obj_end(o);
}

void
v1_put_credential(struct call *c, struct json_out *o, const char *key,
    const struct credential *k)
{
	json_obj(o, key);
	json_str(o, "id", k->id);
	json_str(o, "api", k->api);
	json_str(o, "login", k->login);
	json_str(o, "label", k->label);
	json_str(o, "state", k->state);
	v1_put_split(o, "scopes", scopes_format(c->ctx.arena, k->scopes));
	json_str(o, "programme", k->programme);
	v1_put_split(o, "addresses", k->addresses);
	v1_put_instant(c, o, "created_at", k->created_us);
	v1_put_instant(c, o, "expires_at", k->expires_us);
	json_i64(o, "secrets", k->secrets);
	json_str(o, "secret", k->secret);
	json_obj_end(o);
}
