/*
 * The supervisor and its workers, with a fake dialect and no database: what
 * signals and deaths do to requests under way. Conditions are waited for by
 * reading the log or by asking again; an alarm ends a test that hangs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "config.h"
#include "supervisor.h"

#define WORKERS		3
#define PATIENCE_S	60

static char			dir[64], sock[96], conf[96], in[96], out[96];
static pid_t			supervisor;
static FILE			*logged;
static int			living;	/* ends when all are gone */
static struct client_reply	got;

static void
configure(const char *more)
{
	FILE *f = fopen(conf, "w");

	assert_non_null(f);
	fprintf(f, "socket = %s\nworkers = %d\ndatabase = host=%s/none\n%s",
	    sock, WORKERS, dir, more);
	assert_int_equal(fclose(f), 0);
}

/*
 * What it logs can be read from *ret_log. A file, not a pipe: a test that does
 * not read for a while must not hold up who writes.
 */
static pid_t
start(FILE **ret_log)
{
	struct config *config;
	char *why, path[64];
	int w = memfd_create("log", MFD_CLOEXEC), p[2];
	pid_t pid;

	assert_true(w != -1);
	/* Several processes write; only so does none undo another's line. */
	assert_int_equal(fcntl(w, F_SETFL, O_APPEND), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", w);
	*ret_log = fopen(path, "re");
	assert_non_null(*ret_log);
	assert_int_equal(pipe2(p, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm(0);
		dup2(w, STDERR_FILENO);
		if (config_load(conf, &config, &why) != ERR_OK)
			_exit(9);
		_exit(supervisor_run(config, conf));
	}
	close(w);
	close(p[1]);
	living = p[0];
	return pid;
}

/* Read the log up to a line with this event. */
static void
wait_log(const char *event)
{
	char *line = NULL, want[128];
	size_t size = 0;
	bool found = false;

	snprintf(want, sizeof(want), "\"event\":\"%s\"", event);
	while (!found) {
		/* At its end: look again shortly, until setup()'s alarm. A line
		 * over the end of a page may be there in part. */
		off_t at = ftello(logged);
		ssize_t n;

		while ((n = getline(&line, &size, logged)) == -1 ||
		    line[n - 1] != '\n') {
			clearerr(logged);
			assert_int_equal(fseeko(logged, at, SEEK_SET), 0);
			poll(NULL, 0, 2);
		}
		found = strstr(line, want) != NULL;
	}
	free(line);
}

static int
setup(void **state)
{
	(void)state;
	alarm(PATIENCE_S);
	snprintf(dir, sizeof(dir), "/tmp/test_processes.XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(sock, sizeof(sock), "%s/sock", dir);
	snprintf(conf, sizeof(conf), "%s/conf", dir);
	snprintf(in, sizeof(in), "%s/in", dir);
	snprintf(out, sizeof(out), "%s/out", dir);
	setenv("FAKE_GATE_IN", in, 1);
	setenv("FAKE_GATE_OUT", out, 1);
	if (mkfifo(in, 0600) == -1 || mkfifo(out, 0600) == -1)
		return -1;
	configure("");
	supervisor = start(&logged);
	wait_log("ready");
	return 0;
}

/* Its exit status; -1 when a signal ended it. */
static int
end_of(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
teardown(void **state)
{
	(void)state;
	if (supervisor > 0) {
		kill(supervisor, SIGTERM);
		if (end_of(supervisor) != 0)
			return -1;
	}
	fclose(logged);
	close(living);
	unlink(conf);
	unlink(in);
	unlink(out);
	return rmdir(dir);	/* and nothing else was left behind */
}

static bool
ask(const char *path)
{
	const struct client_request r = { .path = path };

	return client_call(sock, &r, &got);
}

/* The worker that answered. */
static pid_t
ask_pid(void)
{
	assert_true(ask("/fake/pid"));
	return (pid_t)strtol(got.body, NULL, 10);
}

/* A request that a worker has begun and that open_gate() lets go on. */
static int
enter_gate(void)
{
	const struct client_request r = { .path = "/fake/gate" };
	int fd = client_connect(sock), began;

	assert_true(client_send(fd, &r));
	began = open(in, O_RDONLY);
	assert_true(began != -1);
	close(began);
	return fd;
}

static void
open_gate(void)
{
	int fd = open(out, O_WRONLY);

	assert_true(fd != -1);
	close(fd);
}

static void
serves(void **state)
{
	const struct client_request plain = { .path = "/healthz",
	    .http = true };
	const struct client_request post = { .method = "POST",
	    .path = "/readyz" };

	(void)state;
	assert_true(ask("/healthz"));
	assert_int_equal(got.status, 200);
	assert_true(client_call(sock, &plain, &got));
	assert_int_equal(got.status, 200);
	assert_true(ask("/readyz"));
	assert_int_equal(got.status, 503);
	assert_true(client_call(sock, &post, &got));
	assert_int_equal(got.status, 405);
	assert_true(ask("/fake/large"));
	assert_int_equal(strlen(got.body), 300 * 1024);
	assert_true(ask("/metrics"));
	assert_non_null(strstr(got.body, "tessera_workers_alive 3\n"));
	assert_non_null(strstr(got.body, "tessera_requests_total"
	    "{dialect=\"fake\",status=\"2xx\"} 1\n"));
}

static void
a_dead_worker_is_replaced(void **state)
{
	pid_t dead = ask_pid();
	int i;

	(void)state;
	assert_int_equal(kill(dead, SIGKILL), 0);
	wait_log("worker ended");
	wait_log("worker started");
	for (i = 0; i < 20; i++)
		assert_int_not_equal(ask_pid(), dead);
	assert_false(ask("/fake/die"));
	wait_log("worker ended");
	wait_log("worker started");
	assert_true(ask("/metrics"));
	assert_non_null(strstr(got.body, "tessera_worker_restarts_total 2\n"));
	/* Those of the dead count too. */
	assert_non_null(strstr(got.body, "tessera_requests_total"
	    "{dialect=\"fake\",status=\"2xx\"} 21\n"));
}

static void
term_lets_requests_finish(void **state)
{
	int fd = enter_gate();

	(void)state;
	kill(supervisor, SIGTERM);
	wait_log("stopping");
	wait_log("worker ended");
	assert_int_equal(client_connect(sock), -1);
	open_gate();
	assert_true(client_receive(fd, &got));
	assert_int_equal(got.status, 200);
	assert_int_equal(end_of(supervisor), 0);
	supervisor = 0;
	close(fd);
}

static void
term_ends_a_worker_that_hangs(void **state)
{
	int fd;

	(void)state;
	configure("drain_timeout_ms = 100\n");
	kill(supervisor, SIGHUP);
	wait_log("all workers have the new settings");
	fd = enter_gate();
	kill(supervisor, SIGTERM);
	wait_log("worker killed");
	assert_false(client_receive(fd, &got));
	assert_int_equal(end_of(supervisor), 0);
	supervisor = 0;
	close(fd);
}

/* All the while requests are made on kept and on new connections. */
static void
hup_loses_no_request(void **state)
{
	const struct client_request keep = { .path = "/fake/pid",
	    .keep = true };
	pid_t before = ask_pid(), child;
	int kept, fd, status, i;

	(void)state;
	child = fork();
	if (child == 0) {
		kept = -1;
		for (i = 0; ; i++) {
			if (!ask("/fake/pid") || got.status != 200)
				_exit(1);
			if (kept == -1)
				kept = client_connect(sock);
			if (!client_send(kept, &keep) ||
			    !client_receive(kept, &got) || got.status != 200)
				_exit(2);
		}
	}
	fd = enter_gate();
	configure("workers_are = not a setting\n");
	kill(supervisor, SIGHUP);
	wait_log("settings not taken");
	configure("log_level = info\nsocket_mode = 0600\n");
	kill(supervisor, SIGHUP);
	wait_log("setting needs a restart");
	/* One after the other: the one at the gate may hold up the rest. */
	wait_log("worker started");
	open_gate();
	assert_true(client_receive(fd, &got));
	assert_int_equal(got.status, 200);
	close(fd);
	wait_log("all workers have the new settings");
	assert_int_equal(waitpid(child, &status, WNOHANG), 0);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	for (i = 0; i < 20; i++)
		assert_int_not_equal(ask_pid(), before);
	assert_true(ask("/metrics"));
	assert_non_null(strstr(got.body, "tessera_worker_restarts_total 0\n"));
	assert_non_null(strstr(got.body, "tessera_workers_alive 3\n"));
}

static void
hup_changes_the_number(void **state)
{
	FILE *f = fopen(conf, "w");

	(void)state;
	fprintf(f, "socket = %s\nworkers = 1\ndatabase = host=%s/none\n",
	    sock, dir);
	fclose(f);
	kill(supervisor, SIGHUP);
	do
		assert_true(ask("/metrics"));
	while (strstr(got.body, "tessera_workers_alive 1\n") == NULL);
	configure("");
	kill(supervisor, SIGHUP);
	do
		assert_true(ask("/metrics"));
	while (strstr(got.body, "tessera_workers_alive 3\n") == NULL);
}

static void
workers_end_with_their_supervisor(void **state)
{
	int fd = enter_gate();
	int old_living = living;
	char byte;

	(void)state;
	kill(supervisor, SIGKILL);
	assert_int_equal(end_of(supervisor), -1);
	/* Its place can be taken though a worker is still at it. */
	fclose(logged);
	supervisor = start(&logged);
	wait_log("ready");
	assert_true(ask("/healthz"));
	open_gate();
	assert_true(client_receive(fd, &got));
	assert_int_equal(got.status, 200);
	close(fd);
	assert_int_equal(read(old_living, &byte, 1), 0);
	close(old_living);
}

static void
a_second_one_is_refused(void **state)
{
	FILE *its_log;
	int kept = living;
	pid_t pid = start(&its_log);

	(void)state;
	assert_int_equal(end_of(pid), 1);
	fclose(its_log);
	close(living);
	living = kept;
	assert_true(ask("/healthz"));
}

#define T(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(serves), T(a_dead_worker_is_replaced),
		T(term_lets_requests_finish), T(term_ends_a_worker_that_hangs),
		T(hup_loses_no_request), T(hup_changes_the_number),
		T(workers_end_with_their_supervisor),
		T(a_second_one_is_refused),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
