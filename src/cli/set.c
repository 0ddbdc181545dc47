#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

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
find(const struct set_key *keys, size_t n, const char *word, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(keys[i].key) == len &&
		    strncmp(keys[i].key, word, len) == 0)
			return &keys[i];
	return NULL;
}

static bool
set_one(const struct set_key *k, const char *text, const struct unit *unit,
    char *in)
{
	void *value = in + k->value;
	struct str s = str_of(text);

	*(bool *)(in + k->flag) = true;
	switch (k->kind) {
	case SET_TEXT:
		*(struct str *)value = s.n > 0 ? s : STR_NONE;
		return true;
	case SET_NUMBER:
		if (s.n == 0)
			*(int64_t *)value = 0;
		else if (!str_to_i64(s, 0, INT64_MAX, value)) {
			cli_fail("%s needs a whole number, not \"%s\"",
			    k->key, text);
			return false;
		}
		return true;
	case SET_DATE:
		memset(value, 0, sizeof(struct date));
		if (s.n > 0 && !date_parse_iso(s, value)) {
			cli_fail("%s needs a day like 2025-12-31, not \"%s\"",
			    k->key, text);
			return false;
		}
		return true;
	case SET_AMOUNT:
		return cli_amount(text, unit, value);
	}
	return false;
}

bool
cli_set(struct cli *cli, const struct set_key *keys, size_t n, void *in,
    const struct unit *unit, int argc, char **argv)
{
	const struct set_key *k;
	const char *eq;
	char known[512] = "";
	size_t used = 0;

	for (size_t i = 0; i < n && used < sizeof(known); i++)
		used += (size_t)snprintf(known + used, sizeof(known) - used,
		    "%s%s", i > 0 ? ", " : "", keys[i].key);
	cli->status = CLI_USAGE;
	for (int i = 0; i < argc; i++) {
		eq = strchr(argv[i], '=');
		k = eq != NULL ? find(keys, n, argv[i],
		    (size_t)(eq - argv[i])) : NULL;
		if (k == NULL) {
			cli_misuse(cli, "\"%s\" should be KEY=VALUE with one "
			    "of these keys: %s", argv[i], known);
			return false;
		}
		if (!set_one(k, eq + 1, unit, in))
			return false;
	}
	return true;
}
