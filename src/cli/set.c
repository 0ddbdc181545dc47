#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "cli/cli.h"
#include "codec/json.h"

#define SETTINGS_MAX	((size_t)1 << 16)
#define KNOWN_MAX	512

bool
cli_amount(const char *text, const struct unit *unit, int64_t *ret)
{
	if (unit == NULL) {
		cli_fail("an amount needs a unit");
		return false;
	}
	if (money_parse(str_of(text), unit->exponent, ret) == ERR_OK)
		return true;
	cli_fail("\"%s\" is not an amount of %s with at most %d decimals",
	    text, unit->name, unit->exponent);
	return false;
}

static const struct set_key *
find(const struct set_key *keys, size_t n, struct str key)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(key, str_of(keys[i].key)))
			return &keys[i];
	return NULL;
}

static bool
bad(const struct set_key *k, const char *wanted, struct str text)
{
	cli_fail("%s needs %s, not \"%.*s\"", k->key, wanted, STR_ARG(text));
	return false;
}

static bool
set_one(struct cli *cli, const struct set_key *k, struct str s,
    const struct unit *unit, char *in)
{
	void *value = in + k->value;

	*(bool *)(in + k->flag) = true;
	switch (k->kind) {
	case SET_TEXT:
		*(struct str *)value = s.n > 0 ? s : STR_NONE;
		return true;
	case SET_NUMBER:
		if (s.n == 0)
			*(int64_t *)value = 0;
		else if (!str_to_i64(s, 0, INT64_MAX, value))
			return bad(k, "a whole number", s);
		return true;
	case SET_BOOL:
		*(bool *)value = str_eq(s, STR("yes"));
		if (!*(bool *)value && !str_eq(s, STR("no")))
			return bad(k, "yes or no", s);
		return true;
	case SET_DATE:
		memset(value, 0, sizeof(struct date));
		if (s.n > 0 && !date_parse_iso(s, value))
			return bad(k, "a day like 2025-12-31", s);
		return true;
	case SET_INSTANT:
		*(int64_t *)value = 0;
		if (s.n > 0 && !instant_parse(s, value))
			return bad(k, "an instant like 2025-12-31T23:00:00Z",
			    s);
		return true;
	case SET_AMOUNT:
		return cli_amount(str_cstr(cli->arena, s), unit, value);
	}
	return false;
}

/* What a key that is in no table becomes: a member of a JSON object. */
struct settings {
	struct buf	 text;
	struct json_out	 out;
	size_t		 n;
};

/* Written as JSON writes it: 042 is a text. */
static bool
is_number(struct cli *cli, struct str s)
{
	int64_t n;

	return str_to_i64(s, INT64_MIN, INT64_MAX, &n) &&
	    str_eq(s, str_printf(cli->arena, "%" PRId64, n));
}

/* Nothing means the default; what is no other value of JSON is a text. */
static void
add_setting(struct cli *cli, struct settings *t, struct str key, struct str s)
{
	const char *name = str_cstr(cli->arena, key);

	if (t->n++ == 0) {
		buf_init(&t->text, cli->arena, SETTINGS_MAX);
		json_begin(&t->out, &t->text);
		json_obj(&t->out, NULL);
	}
	if (s.n == 0)
		json_raw(&t->out, name, STR("null"));
	else if (str_eq(s, STR("true")) || str_eq(s, STR("false")) ||
	    is_number(cli, s))
		json_raw(&t->out, name, s);
	else
		json_str(&t->out, name, s);
}

/* Such keys stand in JSON as they are, so they must be plain. */
static bool
may_be_setting(struct str key)
{
	for (size_t i = 0; i < key.n; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789_",
		    key.p[i]) == NULL)
			return false;
	return key.n > 0;
}

static bool
misuse(struct cli *cli, const struct set_key *keys, size_t n,
    const char *word, bool settings)
{
	char known[KNOWN_MAX] = "";
	size_t used = 0;

	for (size_t i = 0; i < n && used < sizeof(known); i++)
		used += (size_t)snprintf(known + used, sizeof(known) - used,
		    "%s%s", i > 0 ? ", " : "", keys[i].key);
	cli_misuse(cli, "\"%s\" should be KEY=VALUE with one of these keys%s: "
	    "%s", word, settings ? ", or a setting" : "", known);
	return false;
}

/* t NULL: all keys stand in the table. */
static bool
set_words(struct cli *cli, const struct set_key *keys, size_t n, void *in,
    const struct unit *unit, struct settings *t, int argc, char **argv)
{
	cli->status = CLI_USAGE;
	for (int i = 0; i < argc; i++) {
		struct str word = str_of(argv[i]), key, value;
		const struct set_key *k;
		size_t eq;

		if (!str_find(word, '=', &eq))
			return misuse(cli, keys, n, argv[i], t != NULL);
		key = str_sub(word, 0, eq);
		value = str_sub(word, eq + 1, word.n);
		k = find(keys, n, key);
		if (k != NULL) {
			if (!set_one(cli, k, value, unit, in))
				return false;
		} else if (t != NULL && may_be_setting(key))
			add_setting(cli, t, key, value);
		else
			return misuse(cli, keys, n, argv[i], t != NULL);
	}
	return true;
}

bool
cli_set(struct cli *cli, const struct set_key *keys, size_t n, void *in,
    const struct unit *unit, int argc, char **argv)
{
	return set_words(cli, keys, n, in, unit, NULL, argc, argv);
}

bool
cli_set_all(struct cli *cli, const struct set_key *keys, size_t n, void *in,
    const struct unit *unit, int argc, char **argv)
{
	const struct set_key *k = find(keys, n, STR("settings"));
	struct settings t = { .n = 0 };
	bool *whole = (bool *)((char *)in + k->flag);

	if (!set_words(cli, keys, n, in, unit, &t, argc, argv))
		return false;
	if (t.n == 0)
		return true;
	if (*whole) {
		cli_misuse(cli, "give settings as an object or one by one");
		return false;
	}
	json_obj_end(&t.out);
	*whole = true;
	*(struct str *)((char *)in + k->value) = buf_str(&t.text);
	return true;
}
