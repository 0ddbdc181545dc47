/* Settings: what is taken, what is refused and how, and that all are told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"

/* Write a file, read it as settings; NULL when taken, else the complaint. */
static char *
load(const char *text, struct config **ret)
{
	char path[] = "/tmp/test_config.XXXXXX";
	int fd = mkstemp(path);
	char *why = NULL;
	enum err err;

	assert_true(fd != -1);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	err = config_load(path, ret, &why);
	unlink(path);
	assert_true((err == ERR_OK) == (why == NULL));
	return why;
}

static void
defaults(void **state)
{
	struct config *c;
	char *why;

	(void)state;
	assert_int_equal(config_load(NULL, &c, &why), ERR_OK);
	assert_string_equal(c->socket, "/run/tessera/tessera.sock");
	assert_int_equal(c->socket_mode, 0660);
	assert_null(c->user);
	assert_int_equal(c->workers, 8);
	assert_true(c->prepare);
	assert_int_equal(c->body_max, 1048576);
	assert_int_equal(c->log_level, LOG_INFO);
	config_free(c);
	config_free(NULL);
}

static void
takes(void **state)
{
	struct config *c;

	(void)state;
	assert_null(load("# comment\n\n  workers=3 \nprepare = no\n"
	    "database = host=/x dbname=y password='# =' \n"
	    "socket_mode = 600\nlog_level = debug\nuser =\n"
	    "pid_file = /run/x.pid", &c));
	assert_int_equal(c->workers, 3);
	assert_false(c->prepare);
	assert_string_equal(c->database, "host=/x dbname=y password='# ='");
	assert_int_equal(c->socket_mode, 0600);
	assert_int_equal(c->log_level, LOG_DEBUG);
	assert_null(c->user);
	assert_string_equal(c->pid_file, "/run/x.pid");
	config_free(c);
}

static void
refuses(void **state)
{
	static const struct { const char *text, *says; } cases[] = {
		{ "\nworker = 3\n", ":2: \"worker\" is no setting" },
		{ "workers = 0\n", "a whole number from 1 to 256" },
		{ "workers = 257\n", ":1: workers must be" },
		{ "workers = 8x\n", "workers must be" },
		{ "workers = \n", "workers must be" },
		{ "workers\n", "key = value" },
		{ "workers = 1\nworkers = 2\n", ":2: workers stands already "
		    "on line 1" },
		{ "prepare = true\n", "yes or no" },
		{ "socket_mode = 0888\n", "octal" },
		{ "socket_mode = 1777\n", "octal" },
		{ "socket =\n", "socket must be text of 1 to 107" },
		{ "log_level = loud\n", "error, warning, info or debug" },
		{ "body_max = 99999999999999999999\n", "body_max must be" },
		{ "pid_file = /a\377\n", "pid_file must be" },
	};
	char line[5000];
	struct config *c;
	char *why;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		why = load(cases[i].text, &c);
		assert_non_null(why);
		if (strstr(why, cases[i].says) == NULL)
			fail_msg("\"%s\" lacks \"%s\"", why, cases[i].says);
		free(why);
	}
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	why = load(line, &c);
	assert_non_null(strstr(why, "longer than"));
	free(why);
	assert_int_equal(config_load("/does/not/exist", &c, &why),
	    ERR_INVALID);
	assert_non_null(strstr(why, "cannot be read"));
	free(why);
}

static void
keeps_what_needs_a_restart(void **state)
{
	const char *keys[4] = { NULL };
	struct config *old, *fresh;

	(void)state;
	assert_null(load("socket = /a\nuser = x\nbacklog = 7\nworkers = 1\n",
	    &old));
	assert_null(load("socket = /b\nbacklog = 8\nworkers = 2\n", &fresh));
	assert_int_equal(config_keep_fixed(fresh, old, keys, 4), 3);
	assert_string_equal(keys[0], "socket");
	assert_string_equal(keys[1], "backlog");
	assert_string_equal(keys[2], "user");
	assert_string_equal(fresh->socket, "/a");
	assert_string_equal(fresh->user, "x");
	assert_int_equal(fresh->backlog, 7);
	assert_int_equal(fresh->workers, 2);
	config_free(old);
	assert_string_equal(fresh->socket, "/a");
	config_free(fresh);
}

static void
manual_has_every_key(void **state)
{
	const char *dir = getenv("srcdir");
	static char page[64 << 10];
	char path[4096], item[128];
	size_t i, n;
	FILE *f;

	(void)state;
	snprintf(path, sizeof(path), "%s/man/tessera.conf.5",
	    dir != NULL ? dir : ".");
	f = fopen(path, "r");
	assert_non_null(f);
	n = fread(page, 1, sizeof(page) - 1, f);
	fclose(f);
	page[n] = '\0';
	for (i = 0; config_key(i) != NULL; i++) {
		snprintf(item, sizeof(item), "\n.It Cm %s", config_key(i));
		if (strstr(page, item) == NULL)
			fail_msg("tessera.conf(5) lacks %s", config_key(i));
	}
	assert_true(i > 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(takes),
		cmocka_unit_test(refuses),
		cmocka_unit_test(keeps_what_needs_a_restart),
		cmocka_unit_test(manual_has_every_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
