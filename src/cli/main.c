#include "config-build.h"

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
	{ "migrate", cmd_migrate, 0, "[--sql-dir DIR] [--dry-run]",
	  "bring the database's tables and functions up to this version" },
	{ "verify", cmd_verify, MAY_TENANT, "",
	  "run the ledger's checks and print what breaks a rule" },
	{ "tenant add", cmd_tenant_add, 0, "NAME --time-zone ZONE --currency "
	  "CUR [--host HOST] [--reseller] [--parent NAME]", "make a tenant" },
	{ "tenant list", cmd_tenant_list, 0, "", "all tenants" },
	{ "tenant show", cmd_tenant_show, 0, "NAME",
	  "one tenant; NAME may be a name, a host or an id" },
	{ "tenant set", cmd_tenant_set, 0, "NAME KEY=VALUE ...",
	  "change name, host, clock (of a sandbox) or any setting" },
	{ "tenant block", cmd_tenant_block, 0, "NAME",
	  "refuse all of a tenant's credentials at once" },
	{ "tenant unblock", cmd_tenant_unblock, 0, "NAME",
	  "let them in again" },
	{ "programme add", cmd_programme_add, FOR_TENANT, "CODE --name TEXT "
	  "--unit UNIT [--kind KIND] [--prefix TEXT] [--code-length N] "
	  "[--alphabet TEXT] [--term-months N | --term-days N] [--amount-max "
	  "AMOUNT] [KEY=VALUE ...]", "make a card programme" },
	{ "programme list", cmd_programme_list, FOR_TENANT, "",
	  "a tenant's programmes" },
	{ "programme show", cmd_programme_show, FOR_TENANT, "CODE",
	  "one programme with its rules" },
	{ "programme set", cmd_programme_set, FOR_TENANT, "CODE KEY=VALUE ...",
	  "change a programme or its rules" },
	{ "credential add", cmd_credential_add, FOR_TENANT, "--api API "
	  "[--login LOGIN] [--password-stdin | --key-file FILE] "
	  "[--scopes LIST] [--programme CODE] [--label TEXT] "
	  "[--expires DATE] [--addresses LIST]",
	  "make a key or login; its secret is shown once" },
	{ "credential list", cmd_credential_list, FOR_TENANT, "",
	  "a tenant's credentials, without secrets" },
	{ "credential rotate", cmd_credential_rotate, FOR_TENANT,
	  "ID|LOGIN [--overlap HOURS] [--password-stdin | --key-file FILE]",
	  "give a new secret; the old one lives on for the overlap" },
	{ "credential disable", cmd_credential_disable, FOR_TENANT, "ID|LOGIN",
	  "refuse a credential for good" },
	{ "credential unlock", cmd_credential_unlock, FOR_TENANT, "ID|LOGIN",
	  "lift the lock-outs of a login, and of the networks it is in" },
	{ "credential blocked", cmd_credential_blocked, MAY_TENANT,
	  "[--limit N]", "who is locked out after wrong passwords, and until "
	  "when" },
	{ "address unlock", cmd_address_unlock, 0, "ADDRESS",
	  "lift the lock-outs of an address or network, all logins" },
	{ "store add", cmd_store_add, FOR_TENANT, "CODE --name TEXT",
	  "make a store, one of the tenant's locations" },
	{ "store list", cmd_store_list, FOR_TENANT, "", "a tenant's stores" },
	{ "store set", cmd_store_set, FOR_TENANT, "CODE KEY=VALUE ...",
	  "rename, close or open a store" },
	{ "customer add", cmd_customer_add, FOR_TENANT, "KEY=VALUE ...",
	  "make a customer" },
	{ "customer enrol", cmd_customer_enrol, FOR_TENANT,
	  "--programme CODE [--store CODE] [--send sms|email] "
	  "[KEY=VALUE ...]",
	  "make a customer and their card, and queue a message with its number" },
	{ "customer list", cmd_customer_list, FOR_TENANT,
	  "[--email TEXT] [--phone TEXT] [--external-id TEXT]",
	  "find customers" },
	{ "customer show", cmd_customer_show, FOR_TENANT, "ID",
	  "one customer" },
	{ "customer set", cmd_customer_set, FOR_TENANT, "ID KEY=VALUE ...",
	  "change a customer" },
	{ "card show", cmd_card_show, FOR_TENANT, "CODE", "one card" },
	{ "card history", cmd_card_history, FOR_TENANT, "CODE",
	  "all movements of a card, newest first" },
	{ "card purchases", cmd_card_purchases, FOR_TENANT, "CODE",
	  "what was bought with a card, newest first" },
	{ "card list", cmd_card_list, FOR_TENANT,
	  "[--state STATE] [--programme CODE] [--customer ID] [--limit N]",
	  "cards, newest first" },
	{ "card latest", cmd_card_latest, FOR_TENANT,
	  "[--login LOGIN] [--value AMOUNT] [--since INSTANT] [--limit N]",
	  "the newest cards: was one issued when no answer came?" },
	{ "card suspend", cmd_card_suspend, FOR_TENANT, "CODE", "stop a card" },
	{ "card activate", cmd_card_activate, FOR_TENANT, "CODE",
	  "let a suspended card go again" },
	{ "reservation list", cmd_reservation_list, FOR_TENANT,
	  "[--agency TEXT] [--batch TEXT] [--limit N]",
	  "codes set aside for cards to come, newest first" },
	{ "message list", cmd_message_list, MAY_TENANT,
	  "[--state STATE] [--limit N]",
	  "messages to customers and what became of them, newest first" },
	{ "message send", cmd_message_send, 0, "[--follow]",
	  "send what is due, with --follow until it is told to end" },
	{ "message retry", cmd_message_retry, MAY_TENANT, "ID ...",
	  "queue a message that has failed or whose end is unknown" },
	{ "message drop", cmd_message_drop, MAY_TENANT, "ID ...",
	  "never send a message" },
	{ "cards import", cmd_cards_import, FOR_TENANT,
	  "[--programme CODE] [--check] FILE.csv",
	  "take over cards with their balances, all or none" },
	{ "cards export", cmd_cards_export, FOR_TENANT,
	  "[--programme CODE] [FILE.csv]",
	  "write cards as cards import reads them" },
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
			fprintf(stderr, "  tessera %s %s%s\n",
			    commands[i].name, cli_tenant_word(&commands[i]),
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
	if (argc == 1 && strcmp(argv[0], "--version") == 0) {
		puts("tessera " PACKAGE_VERSION);
		return CLI_OK;
	}
	cli->command = find_command(argc, argv, &words);
	if (cli->command == NULL)
		return unknown_command(cli, argc, argv);
	if (cli->help) {
		printf("usage: tessera [-c FILE] [--json] %s %s%s\n\n%s\n",
		    cli->command->name, cli_tenant_word(cli->command),
		    cli->command->usage, cli->command->help);
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
