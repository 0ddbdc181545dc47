#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "cli/cli.h"

#define MEMORY_MAX	((size_t)2 << 30)

static const struct command commands[] = {
	{ "migrate", cmd_migrate, "[--sql-dir DIR] [--dry-run]",
	  "Bring the database's tables and functions up to this version." },
	{ "verify", cmd_verify, "[--tenant NAME]",
	  "Run the checks of the ledger; print what breaks a rule." },
};

static void
print_help(void)
{
	printf("usage: tessera [-c FILE] [--json] COMMAND ...\n\n");
	for (size_t i = 0; i < COUNT(commands); i++)
		printf("  %-19s %s\n", commands[i].name, commands[i].help);
	printf("\n  -c FILE  settings, default $TESSERA_CONF or %s\n"
	    "  --json   print one JSON document\n"
	    "\ntessera COMMAND --help shows the words and options of one "
	    "command,\ntessera(1) explains them.\n",
	    TESSERA_SYSCONFDIR "/tessera/tessera.conf");
}

/* Words of name that argv begins with, 0 when it is another command. */
static int
words_matched(const char *name, int argc, char **argv)
{
	const char *blank = strchr(name, ' ');
	size_t n = blank != NULL ? (size_t)(blank - name) : strlen(name);

	if (argc < 1 || strlen(argv[0]) != n || strncmp(argv[0], name, n) != 0)
		return 0;
	if (blank == NULL)
		return 1;
	return argc > 1 && strcmp(argv[1], blank + 1) == 0 ? 2 : 0;
}

static const struct command *
find_command(int argc, char **argv, int *ret_words)
{
	for (size_t i = 0; i < COUNT(commands); i++)
		if ((*ret_words = words_matched(commands[i].name, argc, argv)))
			return &commands[i];
	return NULL;
}

/*
 * Take what may stand anywhere: -c, --json, --help. False when -c lacks its
 * value.
 */
static bool
global_options(struct cli *cli, int *argc, char **argv)
{
	int n = 0;

	for (int i = 0; i < *argc; i++) {
		if (strcmp(argv[i], "--") == 0) {
			while (i < *argc)
				argv[n++] = argv[i++];
		} else if (strcmp(argv[i], "--json") == 0)
			cli->json = true;
		else if (strcmp(argv[i], "--help") == 0 ||
		    strcmp(argv[i], "-h") == 0)
			cli->help = true;
		else if (strcmp(argv[i], "-c") == 0) {
			if (++i >= *argc)
				return false;
			cli->conf_path = argv[i];
		} else
			argv[n++] = argv[i];
	}
	*argc = n;
	return true;
}

static int
unknown_command(struct cli *cli, int argc, char **argv)
{
	size_t n = argc > 0 ? strlen(argv[0]) : 0;

	if (argc == 0)
		return cli_misuse(cli, "which command?");
	for (size_t i = 0; i < COUNT(commands); i++)
		if (strncmp(commands[i].name, argv[0], n) == 0 &&
		    commands[i].name[n] == ' ')
			fprintf(stderr, "  tessera %s %s\n", commands[i].name,
			    commands[i].usage);
	return cli_misuse(cli, "there is no command \"%s%s%s\"", argv[0],
	    argc > 1 ? " " : "", argc > 1 ? argv[1] : "");
}

static int
run(struct cli *cli, int argc, char **argv)
{
	int words;

	if (!global_options(cli, &argc, argv))
		return cli_misuse(cli, "-c needs the name of a file");
	if (cli->help && argc == 0) {
		print_help();
		return CLI_OK;
	}
	cli->command = find_command(argc, argv, &words);
	if (cli->command == NULL)
		return unknown_command(cli, argc, argv);
	if (cli->help) {
		printf("usage: tessera [-c FILE] [--json] %s %s\n\n%s\n",
		    cli->command->name, cli->command->usage,
		    cli->command->help);
		return CLI_OK;
	}
	if (!cli_config(cli))
		return CLI_FAILED;
	return cli->command->run(cli, argc - words, argv + words);
}

int
main(int argc, char **argv)
{
	struct cli cli = { .conf_path = getenv("TESSERA_CONF") };
	int status;

	setlocale(LC_CTYPE, "");
	if (sodium_init() == -1)
		return cli_fail("libsodium does not start");
	if (cli.conf_path == NULL || cli.conf_path[0] == '\0')
		cli.conf_path = TESSERA_SYSCONFDIR "/tessera/tessera.conf";
	cli.arena = arena_new(MEMORY_MAX);
	status = run(&cli, argc - 1, argv + 1);
	db_free(cli.app.db);
	arena_free(cli.arena);
	config_free(cli.config);
	if (fflush(stdout) != 0 || ferror(stdout))
		return cli_fail("cannot write the output: %s",
		    strerror(errno));
	return status;
}
