/*
 * tessera message send. A message is taken (`sending`, committed) before its
 * command starts, and what came of it is told afterwards; sql/functions/
 * ops_message.sql says what that means. Taking is done on the connection that
 * holds the sender's lock, so that who takes is the only one; telling needs no
 * lock, because it names the take.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "base/arena.h"
#include "cli/child.h"
#include "cli/pg.h"
#include "codec/json.h"

#define POLL_MS		3000	/* --follow: between two looks */
#define LOCK_TRIES	30	/* a session that was killed may linger */
#define LOCK_TRY_MS	100
#define TELL_US		INT64_C(60000000)	/* to tell what came of one */
#define TELL_TRY_MS	500
#define MEMORY_MAX	((size_t)4 << 20)
#define INPUT_MAX	((size_t)64 << 10)
#define ERROR_MAX	300

enum outcome { SENT, AGAIN, FAILED, UNKNOWN, OUTCOMES };

static const char *const words[OUTCOMES] = {
	[SENT] = "sent", [AGAIN] = "again", [FAILED] = "failed",
	[UNKNOWN] = "unknown",
};

/* Why there is no going on; said already when it is REFUSED. */
enum trouble { NONE, AWAY, BUSY, REFUSED };

struct channel {
	const char	*name;
	char		**argv;		/* NULL: no command */
	char		 tenant[12];	/* whose message was the last */
};

struct sender {
	struct cli		*cli;
	PGconn			*conn;
	struct arena		*arena;		/* of one message */
	struct child_masks	 masks;
	struct channel		 channels[2];
	bool			 follow;
	bool			 connected;
	bool			 locked;	/* conn holds the lock */
	enum trouble		 said;		/* the last trouble */
	size_t			 n[OUTCOMES];
};

/* The words of a command, between blanks; NULL for none. */
static char **
split(struct cli *cli, const char *text)
{
	char **argv, *p;
	size_t n = 0, max;

	if (text == NULL)
		return NULL;
	max = strlen(text) / 2 + 1;
	argv = arena_array(cli->arena, max + 1, sizeof(*argv));
	p = arena_alloc(cli->arena, strlen(text) + 1);
	memcpy(p, text, strlen(text));
	for (; *p != '\0' && n < max; p += strcspn(p, " \t")) {
		for (; *p == ' ' || *p == '\t'; p++)
			*p = '\0';
		if (*p != '\0')
			argv[n++] = p;
	}
	return argv;
}

/* ---- the database ---- */

/*
 * An error without a SQLSTATE is libpq's own: the connection is lost, whatever
 * PQstatus() says. Class 57P is a server that is going or coming.
 */
static bool
is_lost(const PGresult *res)
{
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);

	return state == NULL || strncmp(state, "57P", 3) == 0;
}

/* A statement that answers rows; there is no result when it fails. */
static enum trouble
ask(struct sender *s, const char *sql, int n, const char *const *params,
    PGresult **ret)
{
	PGresult *res;

	*ret = NULL;
	if (!s->connected) {
		if (!pg_again(s->conn))
			return AWAY;
		s->connected = true;
	}
	res = PQexecParams(s->conn, sql, n, NULL, params, NULL, NULL, 0);
	if (PQresultStatus(res) == PGRES_TUPLES_OK) {
		*ret = res;
		return NONE;
	}
	s->connected = !is_lost(res);
	s->locked = s->locked && s->connected;
	if (s->connected)
		pg_report(res, "message send");
	PQclear(res);
	return s->connected ? REFUSED : AWAY;
}

/* Messages that a sender before us left in the middle. */
static enum trouble
recover(struct sender *s)
{
	PGresult *res;
	enum trouble t = ask(s, "SELECT messages FROM ops.message_recover()",
	    0, NULL, &res);

	if (t == NONE && strcmp(PQgetvalue(res, 0, 0), "0") != 0)
		cli_fail("of %s messages nobody knows whether they were sent; "
		    "see tessera message list --state unknown",
		    PQgetvalue(res, 0, 0));
	PQclear(res);
	return t;
}

/* Connected, and the only sender. */
static enum trouble
become_sender(struct sender *s)
{
	PGresult *res;
	enum trouble t;

	if (s->locked)
		return NONE;
	for (int i = 0; i < LOCK_TRIES; i++) {
		t = ask(s, "SELECT ops.message_lock()", 0, NULL, &res);
		s->locked = t == NONE &&
		    strcmp(PQgetvalue(res, 0, 0), "t") == 0;
		PQclear(res);
		if (t != NONE)
			return t;
		if (s->locked) {
			t = recover(s);
			s->locked = t == NONE;
			return t;
		}
		if (child_pause(&s->masks, LOCK_TRY_MS))
			break;
	}
	return BUSY;
}

/* ---- one message ---- */

/* What was taken, in words that a result has by name. */
struct take {
	const PGresult	*row;
	const char	*attempt, *id;
};

static const char *
value(const PGresult *row, const char *column)
{
	int i = PQfnumber(row, column);

	return PQgetisnull(row, 0, i) ? NULL : PQgetvalue(row, 0, i);
}

/* The document on the command's standard input; none when it is too long. */
static struct str
document(struct sender *s, const struct take *t)
{
	static const struct { const char *member, *column; } texts[] = {
		{ "id", "id" }, { "channel", "channel" },
		{ "to", "recipient" }, { "tenant", "tenant" },
		{ "card", "card" }, { "programme", "programme" },
		{ "first_name", "first_name" }, { "last_name", "last_name" },
	};
	struct buf buf;
	struct json_out o;

	buf_init(&buf, s->arena, INPUT_MAX);
	json_begin(&o, &buf);
	json_obj(&o, NULL);
	for (size_t i = 0; i < COUNT(texts); i++)
		json_str(&o, texts[i].member,
		    str_of(value(t->row, texts[i].column)));
	json_raw(&o, "attempt", str_of(t->attempt));
	json_obj_end(&o);
	buf_putc(&buf, '\n');
	return buf_full(&buf) ? STR_NONE : buf_str(&buf);
}

/* What the end of a command means, and why. */
static enum outcome
judge(const struct sender *s, const struct child_end *e, char why[ERROR_MAX])
{
	const char *colon = e->line[0] != '\0' ? ": " : "";

	switch (e->how) {
	case CHILD_EXITED:
		snprintf(why, ERROR_MAX, "exit status %d%s%s", e->code, colon,
		    e->line);
		if (e->code == 0)
			return SENT;
		return e->code == EX_TEMPFAIL ? AGAIN : FAILED;
	case CHILD_KILLED:
		snprintf(why, ERROR_MAX, "killed by signal %d%s%s", e->code,
		    colon, e->line);
		return UNKNOWN;
	case CHILD_TIMED_OUT:
		snprintf(why, ERROR_MAX, "no end within %lld seconds%s%s",
		    (long long)s->cli->config->message_timeout_s, colon,
		    e->line);
		return UNKNOWN;
	case CHILD_NOT_STARTED:
		snprintf(why, ERROR_MAX, "the command does not start: %s",
		    strerror(e->code));
		return AGAIN;
	}
	return UNKNOWN;
}

static void
say_told(struct sender *s, const struct take *t, enum outcome what,
    const char *why, bool undecided)
{
	s->n[what]++;
	if (!undecided)
		cli_fail("%s was %s, but an operator had decided about it "
		    "meanwhile", t->id, words[what]);
	if (s->cli->json)
		return;
	if (what == SENT)
		printf("%s sent\n", t->id);
	else
		printf("%s %s: %s\n", t->id, words[what], why);
	fflush(stdout);
}

/*
 * Tell what came of a take, with some patience when the database is away: it
 * would be called unknown otherwise. SIGTERM must wait for that, too.
 */
static enum trouble
tell(struct sender *s, const struct take *t, enum outcome what,
    const char *why)
{
	const struct timespec pause = { 0, TELL_TRY_MS * 1000000L };
	const char *params[] = { value(t->row, "tenant_id"),
	    value(t->row, "message_id"), t->attempt, words[what],
	    what == SENT ? NULL : why };
	const struct clock *clock = &clock_system;
	int64_t end_us = clock->mono_us(clock) + TELL_US;
	enum trouble trouble;
	PGresult *res;

	while ((trouble = ask(s, "SELECT status FROM "
	    "ops.message_end($1, $2, $3, $4, $5)", 5, params, &res)) == AWAY &&
	    (clock->mono_us(clock) < end_us ||
	    (s->follow && !child_pause(&s->masks, 0))))
		(void)nanosleep(&pause, NULL);
	if (trouble == NONE)
		say_told(s, t, what, why,
		    strcmp(PQgetvalue(res, 0, 0), "ok") == 0);
	else
		cli_fail("%s was %s, but the database could not be told; it "
		    "is going to be called unknown", t->id, words[what]);
	PQclear(res);
	return trouble;
}

static enum trouble
send_taken(struct sender *s, char **argv, const PGresult *row)
{
	struct take t = { .row = row, .attempt = value(row, "attempts"),
	    .id = value(row, "id") };
	struct child child = { .argv = argv, .input = document(s, &t),
	    .timeout_ms = s->cli->config->message_timeout_s * 1000 };
	struct child_end end;
	enum outcome what;
	char why[ERROR_MAX];

	if (child.input.p == NULL)
		return tell(s, &t, FAILED, "its texts are too long");
	child.env = str_cstr(s->arena, str_printf(s->arena,
	    "TESSERA_MESSAGE_ID=%s", t.id));
	child_run(&s->masks, &child, &end);
	what = judge(s, &end, why);
	return tell(s, &t, what, why);
}

/* The next message of a channel, if one is due and we are the sender. */
static enum trouble
send_next(struct sender *s, struct channel *c, bool *ret_any)
{
	const char *params[] = { c->name, c->tenant };
	PGresult *row = NULL;
	enum trouble t;

	if (c->argv == NULL)
		return NONE;
	t = become_sender(s);
	if (t == NONE)
		t = ask(s, "SELECT * FROM ops.message_next($1, $2)", 2,
		    params, &row);
	if (t == NONE && PQntuples(row) > 0) {
		*ret_any = true;
		snprintf(c->tenant, sizeof(c->tenant), "%s",
		    value(row, "tenant_id"));
		t = send_taken(s, c->argv, row);
	}
	PQclear(row);
	arena_reset(s->arena);
	return t;
}

/* ---- all of them ---- */

/* All that is due, until SIGTERM comes. */
static enum trouble
send_due(struct sender *s)
{
	enum trouble t = NONE;
	bool any = true;

	while (t == NONE && any && !child_pause(&s->masks, 0)) {
		any = false;
		for (size_t i = 0; i < COUNT(s->channels) && t == NONE; i++)
			t = send_next(s, &s->channels[i], &any);
	}
	return t;
}

/* Once each time it comes to that. */
static void
say(struct sender *s, enum trouble t)
{
	if (t == BUSY && s->said != BUSY)
		cli_fail("another tessera message send is running");
	if (t == AWAY && s->said != AWAY)
		cli_fail("the database cannot be reached");
	s->said = t;
}

static int
run(struct sender *s)
{
	enum trouble t;

	do {
		t = send_due(s);
		say(s, t);
	} while (s->follow && !child_pause(&s->masks, POLL_MS));
	if (s->cli->json)
		printf("{\"sent\":%zu,\"again\":%zu,\"failed\":%zu,"
		    "\"unknown\":%zu}\n", s->n[SENT], s->n[AGAIN],
		    s->n[FAILED], s->n[UNKNOWN]);
	return t == NONE || s->follow ? CLI_OK : CLI_FAILED;
}

int
cmd_message_send(struct cli *cli, int argc, char **argv)
{
	const struct config *config = cli->config;
	struct sender s = { .cli = cli, .channels = {
		{ .name = "sms", .tenant = "0" },
		{ .name = "email", .tenant = "0" } } };
	const struct opt opts[] = { { "follow", OPT_FLAG, &s.follow } };
	int status;

	if (!cli_options(cli, &argc, argv, opts, COUNT(opts), 0, 0))
		return cli->status;
	s.channels[0].argv = split(cli, config->message_command_sms);
	s.channels[1].argv = split(cli, config->message_command_email);
	if (s.channels[0].argv == NULL && s.channels[1].argv == NULL)
		return cli_fail("neither message_command_sms nor "
		    "message_command_email is set in %s", cli->conf_path);
	child_setup(&s.masks);
	if ((s.conn = pg_connect(cli)) == NULL)
		return CLI_FAILED;
	s.connected = true;
	s.arena = arena_new(MEMORY_MAX);
	status = run(&s);
	arena_free(s.arena);
	return status;
}
