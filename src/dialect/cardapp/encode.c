/*
 * Answers are lists of members; both formats are written from the same list,
 * so they cannot differ. Section 3.
 */
#include <assert.h>
#include <inttypes.h>

#include "base/arena.h"
#include "codec/json.h"
#include "codec/xml.h"
#include "dialect/cardapp/cardapp.h"

#define JSON_TYPE	"application/json; charset=utf-8"
#define XML_TYPE	"application/xml; charset=utf-8"
#define DECIMALS_MAX	2
#define HEX_DIGITS	13	/* of a card number, behind its prefix */

static void
append(struct cardapp_answer *a, struct cardapp_member m)
{
	assert(a->n < CARDAPP_MEMBERS_MAX);
	a->members[a->n++] = m;
}

void
cardapp_text(struct cardapp_answer *a, const char *name, struct str value)
{
	if (value.p != NULL)
		append(a, (struct cardapp_member){ .name = name,
		    .value = value });
}

void
cardapp_number(struct cardapp_answer *a, const char *name, struct str value)
{
	append(a, (struct cardapp_member){ .name = name, .number = true,
	    .value = value });
}

void
cardapp_rows(struct cardapp_answer *a, const char *name,
    const struct cardapp_answer *rows, size_t n)
{
	append(a, (struct cardapp_member){ .name = name, .rows = rows,
	    .n_rows = n });
}

struct str
cardapp_integer(struct arena *a, int64_t v)
{
	return str_printf(a, "%" PRId64, v);
}

struct str
cardapp_money(struct arena *a, struct money m)
{
	int exponent = m.unit->exponent;
	int64_t minor = m.minor;

	if (exponent > DECIMALS_MAX) {
		minor = money_fewer_decimals(minor, exponent, DECIMALS_MAX);
		exponent = DECIMALS_MAX;
	}
	return money_format(a, minor, exponent, MONEY_SHORT);
}

static bool
is_legacy(struct str s)
{
	size_t at, i;

	if (!str_find(s, '_', &at) || at < 3 || at > 4 ||
	    s.n != at + 1 + HEX_DIGITS)
		return false;
	for (i = 0; i < at; i++)
		if (s.p[i] < 'A' || s.p[i] > 'Z')
			return false;
	for (i = at + 1; i < s.n; i++)
		if (!(s.p[i] >= '0' && s.p[i] <= '9') &&
		    !(s.p[i] >= 'A' && s.p[i] <= 'F'))
			return false;
	return true;
}

/* The ledger keeps codes in upper case; shops know these hex digits in lower. */
struct str
cardapp_code(struct arena *a, struct str code)
{
	size_t at;

	if (!is_legacy(code) || !str_find(code, '_', &at))
		return code;
	return str_printf(a, "%.*s%.*s", STR_ARG(str_sub(code, 0, at)),
	    STR_ARG(str_lower(a, str_sub(code, at, code.n))));
}

struct cardapp_answer
cardapp_success(struct arena *a, struct str card)
{
	struct cardapp_answer answer = {0};

	cardapp_text(&answer, "status", STR("success"));
	if (card.p != NULL)
		cardapp_text(&answer, "nr_card", cardapp_code(a, card));
	return answer;
}

static void
write_json(struct json_out *o, const struct cardapp_answer *a)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct cardapp_member *m = &a->members[i];

		if (m->value.p == NULL) {
			json_arr(o, m->name);
			for (size_t r = 0; r < m->n_rows; r++) {
				json_obj(o, NULL);
				write_json(o, &m->rows[r]);
				json_obj_end(o);
			}
			json_arr_end(o);
		} else if (m->number)
			json_raw(o, m->name, m->value);
		else
			json_str(o, m->name, m->value);
	}
}

/* A list is its elements, each by the list's name; an empty one is nothing. */
static void
write_xml(struct xml_out *o, const struct cardapp_answer *a)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct cardapp_member *m = &a->members[i];

		xml_text(o, m->name, m->value);
		for (size_t r = 0; r < m->n_rows; r++) {
			xml_open(o, m->name);
			write_xml(o, &m->rows[r]);
			xml_close(o);
		}
	}
}

void
cardapp_write(struct buf *b, bool xml, const char *root,
    const struct cardapp_answer *a)
{
	struct json_out json;
	struct xml_out o;

	if (xml) {
		xml_begin(&o, b);
		xml_open(&o, root);
		write_xml(&o, a);
		xml_close(&o);
		xml_end(&o);
		return;
	}
	json_begin(&json, b);
	json_obj(&json, NULL);
	write_json(&json, a);
	json_obj_end(&json);
}

/*
 * Before it is known who asks, and without an action that there is, the root
 * names none. Section 4.
 */
static void
reply(struct call *c, const struct cardapp_answer *a)
{
	const struct cardapp_request *r = cardapp_request(c);

	c->reply->content_type = r->xml ? XML_TYPE : JSON_TYPE;
	cardapp_write(&c->reply->body, r->xml,
	    c->ctx.who != NULL && r->action != NULL ? r->action->root :
	    "response", a);
}

enum err
cardapp_reply(struct call *c, const struct cardapp_answer *a)
{
	c->reply->status = 200;
	reply(c, a);
	return ERR_OK;
}

/* What is not an outcome of an action keeps HTTP's own status. Section 1. */
static bool
is_outcome(enum err err, int status)
{
	return status < 500 && err != ERR_HTTPS_REQUIRED &&
	    err != ERR_NOT_FOUND && err != ERR_METHOD_NOT_ALLOWED &&
	    err != ERR_BAD_REQUEST && err != ERR_TOO_LARGE;
}

/* The parameter at fault, as code and message; domain's findings have none. */
static void
name_param(struct arena *a, const struct fail_item *item,
    const char **ret_code, struct str *ret_message)
{
	bool action = str_eq(str_of(item->field), STR("action"));
	bool absent = str_eq(str_of(item->code), STR("required"));

	if (absent) {
		*ret_code = action ? "action_missing" : "param_missing";
		*ret_message = str_printf(a, "Lipseste parametrul %s",
		    item->field);
	} else if (action) {
		*ret_code = "action_unknown";
		*ret_message = STR("Actiune necunoscuta");
	} else {
		*ret_code = "param_invalid";
		*ret_message = str_printf(a, "Parametrul %s nu este valid",
		    item->field);
	}
}

/*
 * No card, points or value in the body of an error, so that a client that does
 * not look at status finds nothing; but for the card that has the phone, which
 * a shop can ask for in no other way. Sections 4 and 6.
 */
void
cardapp_encode_error(struct call *c, enum err err, const struct err_map *map)
{
	const struct fail *fail = &c->ctx.fail;
	struct cardapp_answer a = {0};
	const char *code = map->code;
	struct str message = str_of(map->text);

	if (err == ERR_INVALID && fail->n > 0)
		name_param(c->ctx.arena, &fail->items[0], &code, &message);
	if (is_outcome(err, map->status) && (c->ctx.who == NULL ||
	    setting_bool(c->ctx.who, "cardapp_status_200"))) {
		c->reply->status = 200;
		c->reply->n_headers = 0;
	}
	/* No Retry-After: without a key a repeat may book it twice. */
	if (err == ERR_OUTCOME_UNKNOWN && !c->ctx.has_key)
		c->reply->n_headers = 0;
	cardapp_text(&a, "status", STR("error"));
	cardapp_text(&a, "code", str_of(code));
	cardapp_text(&a, "message", message);
	if (err == ERR_PHONE_TAKEN)
		cardapp_text(&a, "nr_card", cardapp_code(c->ctx.arena,
		    cardapp_request(c)->other_card));
	reply(c, &a);
}
