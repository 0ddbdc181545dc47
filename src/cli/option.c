#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

static void	say(const char *fmt, va_list ap)
		    __attribute__((format(printf, 1, 0)));

static void
say(const char *fmt, va_list ap)
{
	char text[4096];
	size_t n;

	vsnprintf(text, sizeof(text), fmt, ap);
	/* One line: what a server says may hold several. */
	for (n = strlen(text); n > 0 && text[n - 1] == '\n'; n--)
		text[n - 1] = '\0';
	for (size_t i = 0; i < n; i++)
		if (text[i] == '\n')
			text[i] = ' ';
	fflush(stdout);
	fprintf(stderr, "tessera: %s\n", text);
}

int
cli_fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	return CLI_FAILED;
}

const char *
cli_tenant_word(const struct command *c)
{
	if (c->flags & FOR_TENANT)
		return "--tenant NAME ";
	return c->flags & MAY_TENANT ? "[--tenant NAME] " : "";
}

int
cli_misuse(struct cli *cli, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	if (cli->command != NULL)
		fprintf(stderr, "usage: tessera %s %s%s\n",
		    cli->command->name, cli_tenant_word(cli->command),
		    cli->command->usage);
	else
		fprintf(stderr, "See tessera --help.\n");
	return CLI_USAGE;
}

static const struct opt *
find(const struct opt *opts, size_t n, const char *name, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(opts[i].name) == len &&
		    strncmp(opts[i].name, name, len) == 0)
			return &opts[i];
	return NULL;
}

static bool
set(struct cli *cli, const struct opt *o, const char *value)
{
	switch (o->kind) {
	case OPT_TEXT:
		*(const char **)o->value = value;
		return true;
	case OPT_NUMBER:
		if (str_to_i64(str_of(value), 0, INT64_MAX, o->value))
			return true;
		cli_misuse(cli, "--%s needs a whole number, not \"%s\"",
		    o->name, value);
		return false;
	case OPT_FLAG:
		*(bool *)o->value = true;
		return true;
	}
	return false;
}

/* What may be given: the command's own options, and --tenant. */
struct options {
	const struct opt	*own;
	size_t			 n;
	struct opt		 tenant;	/* name NULL: not here */
};

/* One option at argv[*i]; moves *i past a value of its own. */
static bool
take(struct cli *cli, const struct options *opts, int argc, char **argv,
    int *i)
{
	const char *name = argv[*i] + 2, *value = strchr(name, '=');
	size_t len = value != NULL ? (size_t)(value - name) : strlen(name);
	const struct opt *o = find(opts->own, opts->n, name, len);

	if (o == NULL && opts->tenant.name != NULL)
		o = find(&opts->tenant, 1, name, len);
	if (o == NULL) {
		cli_misuse(cli, "there is no option --%.*s here", (int)len,
		    name);
		return false;
	}
	if (value != NULL)
		value++;
	if (o->kind == OPT_FLAG && value != NULL) {
		cli_misuse(cli, "--%s takes no value", o->name);
		return false;
	}
	if (o->kind != OPT_FLAG && value == NULL) {
		if (*i + 1 >= argc) {
			cli_misuse(cli, "--%s needs a value", o->name);
			return false;
		}
		value = argv[++*i];
	}
	return set(cli, o, value);
}

static bool
take_all(struct cli *cli, const struct options *opts, int *argc, char **argv,
    int min, int max)
{
	int words = 0;
	bool ended = false;

	for (int i = 0; i < *argc; i++) {
		if (ended || strncmp(argv[i], "--", 2) != 0)
			argv[words++] = argv[i];
		else if (argv[i][2] == '\0')
			ended = true;
		else if (!take(cli, opts, *argc, argv, &i))
			return false;
	}
	*argc = words;
	if (words >= min && words <= max)
		return true;
	if (words < min)
		cli_misuse(cli, "something is missing");
	else
		cli_misuse(cli, "\"%s\" is too much", argv[max]);
	return false;
}

bool
cli_options(struct cli *cli, int *argc, char **argv, const struct opt *own,
    size_t n, int min, int max)
{
	const char *tenant = NULL;
	struct options opts = { .own = own, .n = n };
	unsigned flags = cli->command->flags;

	if (flags != 0)
		opts.tenant = (struct opt){ "tenant", OPT_TEXT, &tenant };
	cli->status = CLI_USAGE;
	if (!take_all(cli, &opts, argc, argv, min, max))
		return false;
	if ((flags & FOR_TENANT) && tenant == NULL) {
		cli_misuse(cli, "which tenant? Add --tenant NAME");
		return false;
	}
	cli->status = CLI_FAILED;
	if (tenant != NULL)
		return cli_open_tenant(cli, tenant);
	return flags == 0 || cli_open(cli);
}
