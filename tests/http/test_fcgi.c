/*
 * fcgi_serve() in a process of its own, against a client that can do wrong.
 * The handler counts in shared memory what it was given to execute.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "base/arena.h"
#include "http/fcgi.h"

#define BODY_MAX	1000
#define CONNECTIONS	4

static struct shared {
	atomic_int	handled, errors;
} *shared;

static char			path[64];
static int			stop_fd, listen_fd, pair[2];
static pid_t			server;
static struct client_reply	got;
static struct fcgi_server	*self;	/* in its own process */

static void
handle(void *arg, struct request *req, struct reply *reply)
{
	(void)arg;
	reply->content_type = "text/plain";
	if (req->nginx_error != 0) {
		atomic_fetch_add(&shared->errors, 1);
		reply->status = req->nginx_error;
		return;
	}
	atomic_fetch_add(&shared->handled, 1);
	if (str_eq(req->path, STR("/wait")))
		fcgi_give_others(self);
	buf_put(&reply->body, req->path);
	buf_putc(&reply->body, ' ');
	buf_put(&reply->body, req->body);
}

static void
idle(void *arg)
{
	(void)arg;
}

static void
serve(void)
{
	static const struct fcgi_limits limits = { .body_max = BODY_MAX,
	    .connections_max = CONNECTIONS, .io_timeout_ms = 300 };
	struct arena *arena = arena_new(64 << 20);
	struct fcgi_fds fds;
	enum err err;

	signal(SIGPIPE, SIG_IGN);
	fds = (struct fcgi_fds){ listen_fd, stop_fd, pair[1], pair[0] };
	err = fcgi_serve(&fds, &limits, arena, handle, idle, NULL,
	    &self);
	arena_free(arena);
	_exit(err == ERR_OK ? 0 : 1);
}

static int
setup(void **state)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };

	(void)state;
	snprintf(path, sizeof(path), "/tmp/test_fcgi.%ld", (long)getpid());
	memcpy(sun.sun_path, path, sizeof(path));
	unlink(path);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) == -1)
		return -1;
	stop_fd = eventfd(0, EFD_CLOEXEC);
	listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    0);
	if (shared == MAP_FAILED || bind(listen_fd, (struct sockaddr *)&sun,
	    sizeof(sun)) == -1 || listen(listen_fd, 64) == -1)
		return -1;
	server = fork();
	if (server == 0)
		serve();
	return server == -1 ? -1 : 0;
}

static int
teardown(void **state)
{
	int status = -1;

	(void)state;
	eventfd_write(stop_fd, 1);
	waitpid(server, &status, 0);
	unlink(path);
	close(listen_fd);
	close(stop_fd);
	close(pair[0]);
	close(pair[1]);
	munmap(shared, sizeof(*shared));
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

/* Nothing was harmed: the next request is answered. */
static void
lives(void)
{
	const struct client_request r = { .path = "/lives" };

	assert_true(client_call(path, &r, &got));
	assert_int_equal(got.status, 200);
	assert_string_equal(got.body, "/lives ");
}

static void
one_request_a_connection(void **state)
{
	const struct client_request r = { .method = "POST", .path = "/a?b",
	    .body = "hello" };
	int fd = client_connect(path);
	char byte;

	(void)state;
	assert_true(client_send(fd, &r) && client_receive(fd, &got));
	assert_int_equal(got.status, 200);
	assert_string_equal(got.body, "/a hello");
	/* Closed, as asked for. */
	assert_int_equal(recv(fd, &byte, 1, 0), 0);
	close(fd);
}

static void
many_requests_a_connection(void **state)
{
	const struct client_request r = { .method = "POST", .path = "/a",
	    .body = "hello", .keep = true };
	int a = client_connect(path), b = client_connect(path), i;

	(void)state;
	for (i = 0; i < 200; i++) {
		assert_true(client_send(a, &r) && client_send(b, &r));
		assert_true(client_receive(b, &got));
		assert_string_equal(got.body, "/a hello");
		assert_true(client_receive(a, &got));
		assert_string_equal(got.body, "/a hello");
	}
	close(a);
	lives();
	assert_true(client_send(b, &r) && client_receive(b, &got));
	close(b);
	assert_int_equal(shared->handled, 402);
}

static void
cut_short_is_not_executed(void **state)
{
	struct client_request r = { .method = "POST", .path = "/a",
	    .body = "hello", .keep = true };
	static const int cuts[] = { 1, 8, 9, 12, 16, 21, 30, 60, 100 };
	size_t i;
	int fd;

	(void)state;
	for (i = 0; i < COUNT(cuts); i++) {
		fd = client_connect(path);
		r.cut = cuts[i];
		assert_true(client_send(fd, &r));
		shutdown(fd, SHUT_WR);
		assert_false(client_receive(fd, &got));
		close(fd);
	}
	/* The same from a peer that goes silent: given up after a while. */
	fd = client_connect(path);
	r.cut = 10;
	assert_true(client_send(fd, &r));
	assert_false(client_receive(fd, &got));
	close(fd);
	assert_int_equal(shared->handled, 0);
	lives();
}

static void
wrong_lengths_are_not_executed(void **state)
{
	static const char *const lengths[] = { "4", "6", "-1", "x", "5x",
	    "99999999999" };
	struct client_request r = { .method = "POST", .path = "/a",
	    .body = "hello", .keep = true };
	size_t i;
	int fd;

	(void)state;
	for (i = 0; i < COUNT(lengths); i++) {
		r.length = lengths[i];
		fd = client_connect(path);
		assert_true(client_send(fd, &r));
		assert_false(client_receive(fd, &got));
		close(fd);
	}
	assert_int_equal(shared->handled, 0);
	lives();
}

static void
bodies_over_the_limit(void **state)
{
	static char body[BODY_MAX * 9 + 1];
	struct client_request r = { .method = "POST", .path = "/a",
	    .body = body, .keep = true };
	int fd = client_connect(path);

	(void)state;
	memset(body, 'x', BODY_MAX);
	assert_true(client_send(fd, &r) && client_receive(fd, &got));
	assert_int_equal(got.status, 200);
	body[BODY_MAX] = 'x';
	assert_true(client_send(fd, &r) && client_receive(fd, &got));
	assert_int_equal(got.status, 413);
	/* The connection is still of use. */
	body[BODY_MAX] = '\0';
	assert_true(client_send(fd, &r) && client_receive(fd, &got));
	assert_int_equal(got.status, 200);
	/* What is far too much is not worth an answer. */
	memset(body, 'x', BODY_MAX * 9);
	assert_true(client_send(fd, &r));
	assert_false(client_receive(fd, &got));
	close(fd);
	assert_int_equal(shared->handled, 2);
	assert_int_equal(shared->errors, 1);
}

static void
noise_is_survived(void **state)
{
	static const char noise[] = "GET / HTTP/1.0\r\n\r\n and so on, long "
	    "enough for a few headers";
	int fd = client_connect(path), i;

	(void)state;
	assert_int_equal(send(fd, noise, sizeof(noise), 0), sizeof(noise));
	assert_false(client_receive(fd, &got));
	close(fd);
	for (i = 0; i < 20; i++)
		close(client_connect(path));
	lives();
}

static void
silent_connections_hold_nobody_up(void **state)
{
	int quiet[CONNECTIONS - 1], i;

	(void)state;
	for (i = 0; i < CONNECTIONS - 1; i++)
		quiet[i] = client_connect(path);
	lives();
	for (i = 0; i < CONNECTIONS - 1; i++)
		close(quiet[i]);
	lives();
}

static void
full_worker_serves_what_it_has(void **state)
{
	const struct client_request r = { .path = "/a", .keep = true };
	int held[CONNECTIONS], over, i;

	(void)state;
	for (i = 0; i < CONNECTIONS; i++) {
		held[i] = client_connect(path);
		assert_true(client_send(held[i], &r));
		assert_true(client_receive(held[i], &got));
	}
	over = client_connect(path);
	assert_true(client_send(over, &r));
	assert_true(client_send(held[0], &r) && client_receive(held[0], &got));
	assert_int_equal(shared->handled, CONNECTIONS + 1);
	close(held[1]);
	assert_true(client_receive(over, &got));
	for (i = 0; i < CONNECTIONS; i++)
		if (i != 1)
			close(held[i]);
	close(over);
}

static void
stop_answers_what_has_come(void **state)
{
	const struct client_request r = { .path = "/a", .keep = true };
	int a = client_connect(path), b = client_connect(path);
	char byte;

	(void)state;
	assert_true(client_send(a, &r) && client_receive(a, &got));
	assert_true(client_send(b, &r) && client_receive(b, &got));
	shutdown(pair[0], SHUT_RDWR);
	kill(server, SIGSTOP);
	assert_true(client_send(a, &r));
	eventfd_write(stop_fd, 1);
	kill(server, SIGCONT);
	assert_true(client_receive(a, &got));
	assert_int_equal(got.status, 200);
	assert_int_equal(recv(a, &byte, 1, 0), 0);
	assert_int_equal(recv(b, &byte, 1, 0), 0);
	close(a);
	close(b);
}

/* A request that waits keeps its own connection and no other; here there is no
 * sibling but the server itself. */
static void
waiting_gives_others_away(void **state)
{
	struct client_request r = { .path = "/a", .keep = true };
	int fds[CONNECTIONS], i, round;

	(void)state;
	for (i = 0; i < CONNECTIONS; i++)
		fds[i] = client_connect(path);
	for (round = 0; round < 20; round++) {
		kill(server, SIGSTOP);
		for (i = 0; i < CONNECTIONS; i++) {
			r.path = i % 2 == 0 ? "/wait" : "/a";
			assert_true(client_send(fds[i], &r));
		}
		kill(server, SIGCONT);
		for (i = 0; i < CONNECTIONS; i++) {
			assert_true(client_receive(fds[i], &got));
			assert_string_equal(got.body, i % 2 == 0 ? "/wait " :
			    "/a ");
		}
	}
	assert_int_equal(shared->handled, 20 * CONNECTIONS);
	for (i = 0; i < CONNECTIONS; i++)
		close(fds[i]);
}

/* What waits on a connection goes with it; the client notices nothing. */
static void
a_sibling_takes_over(void **state)
{
	const struct client_request r = { .path = "/a", .keep = true };
	int a = client_connect(path), b = client_connect(path), status;

	(void)state;
	assert_true(client_send(a, &r) && client_receive(a, &got));
	assert_true(client_send(b, &r) && client_receive(b, &got));
	kill(server, SIGSTOP);
	eventfd_write(stop_fd, 1);
	kill(server, SIGCONT);
	assert_int_equal(waitpid(server, &status, 0), server);
	assert_int_equal(status, 0);
	assert_true(client_send(a, &r));
	close(stop_fd);
	stop_fd = eventfd(0, EFD_CLOEXEC);
	server = fork();
	if (server == 0)
		serve();
	assert_true(client_receive(a, &got));
	assert_int_equal(got.status, 200);
	assert_true(client_send(b, &r) && client_receive(b, &got));
	assert_int_equal(got.status, 200);
	close(a);
	close(b);
}

static void
head_has_no_body(void **state)
{
	const struct client_request r = { .method = "HEAD", .path = "/a" };

	(void)state;
	assert_true(client_call(path, &r, &got));
	assert_string_equal(got.body, "");
	assert_non_null(strstr(got.text, "Content-Length: 3\r\n"));
}

#define T(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(one_request_a_connection), T(many_requests_a_connection),
		T(cut_short_is_not_executed), T(wrong_lengths_are_not_executed),
		T(bodies_over_the_limit), T(noise_is_survived),
		T(silent_connections_hold_nobody_up),
		T(full_worker_serves_what_it_has),
		T(stop_answers_what_has_come), T(a_sibling_takes_over),
		T(waiting_gives_others_away), T(head_has_no_body),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
