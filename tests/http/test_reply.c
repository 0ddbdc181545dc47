/* The text of a reply; counters and their text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "http/metrics.h"
#include "http/reply.h"

#define ID_TEXT	"000000000000000000000000000000ff"

static const uint8_t id[16] = { [15] = 0xff };

static void
same(struct str s, const char *want)
{
	if (!str_eq(s, str_of(want)))
		fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(s), want);
}

static void
writes(void **state)
{
	struct arena *arena = arena_new(64 << 20);
	struct reply r;

	(void)state;
	reply_init(&r, arena);
	r.status = 201;
	r.content_type = "text/plain";
	buf_puts(&r.body, "hello");
	reply_header(&r, "Retry-After", STR("2"));
	reply_header(&r, "X-Bad", STR("a\r\nSet-Cookie: b"));
	same(reply_text(&r, arena, false, id), "Status: 201 Created\r\n"
	    "Content-Type: text/plain\r\nContent-Length: 5\r\n"
	    "Cache-Control: no-store\r\nX-Request-Id: " ID_TEXT "\r\n"
	    "Retry-After: 2\r\n\r\nhello");
	same(reply_text(&r, arena, true, id), "Status: 201 Created\r\n"
	    "Content-Type: text/plain\r\nContent-Length: 5\r\n"
	    "Cache-Control: no-store\r\nX-Request-Id: " ID_TEXT "\r\n"
	    "Retry-After: 2\r\n\r\n");

	reply_clear(&r);
	r.status = 204;
	same(reply_text(&r, arena, false, id), "Status: 204 No Content\r\n"
	    "Cache-Control: no-store\r\nX-Request-Id: " ID_TEXT "\r\n\r\n");
	arena_free(arena);
}

static void
too_long_is_an_error(void **state)
{
	struct arena *arena = arena_new(64 << 20);
	char line[4097];
	struct reply r;
	size_t i;

	(void)state;
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	reply_init(&r, arena);
	for (i = 0; i <= REPLY_BODY_MAX / 4096; i++)
		buf_puts(&r.body, line);
	same(reply_text(&r, arena, false, id), "Status: 500 Internal Server Error\r\n"
	    "Content-Length: 0\r\nCache-Control: no-store\r\nX-Request-Id: "
	    ID_TEXT "\r\n\r\n");
	arena_free(arena);
}

static bool
has(struct buf *b, const char *line)
{
	return memmem(b->p, b->n, line, strlen(line)) != NULL;
}

static void
counters_outlive_who_counted(void **state)
{
	static const char *const names[] = { "native" };
	struct arena *arena = arena_new(4 << 20);
	struct metrics *m = metrics_new(3);
	struct buf out;
	int status;
	pid_t pid;

	(void)state;
	metrics_add(metrics_slot(m, 0), METRIC_REQUESTS, 1, 2, 1);
	pid = fork();
	if (pid == 0) {
		metrics_add(metrics_slot(m, 2), METRIC_REQUESTS, 1, 2, 4);
		metrics_add(metrics_slot(m, 2), METRIC_REQUESTS, 1, 5, 1);
		metrics_duration(metrics_slot(m, 2), 1, 900);
		metrics_duration(metrics_slot(m, 2), 1, 1000);
		metrics_duration(metrics_slot(m, 2), 1, 7000000);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	metrics_set(metrics_slot(m, 0), METRIC_WORKERS_ALIVE, 8);
	buf_init(&out, arena, 1 << 20);
	metrics_text(m, names, 1, &out);
#define R "tessera_requests_total{dialect=\"native\",status="
	assert_true(has(&out, R "\"2xx\"} 5\n"));
	assert_true(has(&out, R "\"5xx\"} 1\n"));
#define D "{dialect=\"native\",le="
	assert_true(has(&out, "_bucket" D "\"0.0005\"} 0\n"));
	assert_true(has(&out, "_bucket" D "\"0.001\"} 2\n"));
	assert_true(has(&out, "_bucket" D "\"5\"} 2\n"));
	assert_true(has(&out, "_bucket" D "\"+Inf\"} 3\n"));
	assert_true(has(&out, "_sum{dialect=\"native\"} 7.001900\n"));
	assert_true(has(&out, "_count{dialect=\"native\"} 3\n"));
	assert_true(has(&out, "\ntessera_workers_alive 8\n"));
	assert_true(has(&out, "# TYPE tessera_workers_alive gauge\n"));
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes),
		cmocka_unit_test(too_long_is_an_error),
		cmocka_unit_test(counters_outlive_who_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
