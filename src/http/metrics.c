#include "http/metrics.h"

#include <assert.h>
#include <inttypes.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "base/err.h"

#define CLASSES		6	/* status / 100; 0 is none */
#define BUCKETS		12
/* A histogram's columns: its buckets, then the rest, then the sum in us. */
#define COLUMN_REST	BUCKETS
#define COLUMN_SUM	(BUCKETS + 1)
#define COLUMNS		(BUCKETS + 2)

enum shape { PLAIN, BY_STATUS, HISTOGRAM };

/* THE table of counters. */
static const struct {
	const char	*name, *type, *help;
	enum shape	 shape;
	size_t		 at;		/* first cell in a slot */
} counters[] = {
	[METRIC_REQUESTS] = { "tessera_requests_total", "counter",
	    "Requests answered, by dialect and class of status.",
	    BY_STATUS, 0 },
#define AT_DURATION	(METRICS_DIALECTS_MAX * CLASSES)
	[METRIC_DURATION] = { "tessera_request_duration_seconds", "histogram",
	    "Time from reading a request to its reply, by dialect.",
	    HISTOGRAM, AT_DURATION },
#define AT_PLAIN	(AT_DURATION + METRICS_DIALECTS_MAX * COLUMNS)
	[METRIC_DB_ERRORS] = { "tessera_database_errors_total", "counter",
	    "Requests that failed for want of the database.",
	    PLAIN, AT_PLAIN },
	[METRIC_DB_RECONNECTS] = { "tessera_database_reconnects_total",
	    "counter", "Connections to the database after the first.",
	    PLAIN, AT_PLAIN + 1 },
	[METRIC_CREDENTIAL_HITS] = { "tessera_credential_cache_hits_total",
	    "counter", "Credentials a worker remembered.",
	    PLAIN, AT_PLAIN + 2 },
	[METRIC_CREDENTIAL_MISSES] = { "tessera_credential_cache_misses_total",
	    "counter", "Credentials that had to be verified.",
	    PLAIN, AT_PLAIN + 3 },
	[METRIC_WORKER_RESTARTS] = { "tessera_worker_restarts_total",
	    "counter", "Workers started for one that died unasked.",
	    PLAIN, AT_PLAIN + 4 },
	[METRIC_WORKERS_ALIVE] = { "tessera_workers_alive", "gauge",
	    "Workers running.", PLAIN, AT_PLAIN + 5 },
};
#define CELLS		(AT_PLAIN + 6)

static_assert(COUNT(counters) == METRIC__COUNT, "metrics: a row is missing");

/* Upper bounds in microseconds, and how Prometheus shall read them. */
static const struct { int64_t us; const char *le; } buckets[BUCKETS] = {
	{ 250, "0.00025" }, { 500, "0.0005" }, { 1000, "0.001" },
	{ 2500, "0.0025" }, { 5000, "0.005" }, { 10000, "0.01" },
	{ 25000, "0.025" }, { 50000, "0.05" }, { 100000, "0.1" },
	{ 250000, "0.25" }, { 1000000, "1" }, { 5000000, "5" },
};

struct metrics_slot {
	alignas(64) _Atomic uint64_t	 cells[CELLS];
};

struct metrics {
	size_t			n;
	struct metrics_slot	slots[];
};

static size_t	cell(enum metric, size_t row, size_t column);
static void	text_by_status(const struct metrics *, const char *dialect,
		    size_t row, struct buf *);
static void	text_histogram(const struct metrics *, const char *dialect,
		    size_t row, struct buf *);

struct metrics *
metrics_new(size_t slots)
{
	struct metrics *m = mmap(NULL,
	    sizeof(*m) + slots * sizeof(m->slots[0]), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (m == MAP_FAILED)
		return NULL;
	m->n = slots;
	return m;
}

struct metrics_slot *
metrics_slot(struct metrics *m, size_t i)
{
	assert(i < m->n);
	return &m->slots[i];
}

void
metrics_add(struct metrics_slot *slot, enum metric metric, size_t row,
    size_t column, uint64_t n)
{
	if (slot != NULL)
		atomic_fetch_add_explicit(
		    &slot->cells[cell(metric, row, column)], n,
		    memory_order_relaxed);
}

void
metrics_set(struct metrics_slot *slot, enum metric metric, uint64_t value)
{
	atomic_store_explicit(&slot->cells[cell(metric, 0, 0)], value,
	    memory_order_relaxed);
}

void
metrics_duration(struct metrics_slot *slot, size_t row, int64_t us)
{
	size_t i;

	for (i = 0; i < BUCKETS; i++)
		if (us <= buckets[i].us)
			break;
	metrics_add(slot, METRIC_DURATION, row, i, 1);
	metrics_add(slot, METRIC_DURATION, row, COLUMN_SUM,
	    us > 0 ? (uint64_t)us : 0);
}

uint64_t
metrics_sum(const struct metrics *m, enum metric metric, size_t row,
    size_t column)
{
	size_t at = cell(metric, row, column), i;
	uint64_t sum = 0;

	for (i = 0; i < m->n; i++)
		sum += atomic_load_explicit(&m->slots[i].cells[at],
		    memory_order_relaxed);
	return sum;
}

void
metrics_text(const struct metrics *m, const char *const *names, size_t n,
    struct buf *out)
{
	size_t i, row;

	assert(n < METRICS_DIALECTS_MAX);
	for (i = 0; i < COUNT(counters); i++) {
		buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n",
		    counters[i].name, counters[i].help,
		    counters[i].name, counters[i].type);
		if (counters[i].shape == PLAIN)
			buf_printf(out, "%s %" PRIu64 "\n", counters[i].name,
			    metrics_sum(m, (enum metric)i, 0, 0));
		for (row = 0; row <= n; row++) {
			const char *name = row == 0 ? "none" : names[row - 1];

			if (counters[i].shape == BY_STATUS)
				text_by_status(m, name, row, out);
			if (counters[i].shape == HISTOGRAM)
				text_histogram(m, name, row, out);
		}
	}
}

static size_t
cell(enum metric metric, size_t row, size_t column)
{
	static const size_t widths[] = {
		[PLAIN] = 1, [BY_STATUS] = CLASSES, [HISTOGRAM] = COLUMNS
	};
	size_t width = widths[counters[metric].shape];

	assert(column < width && row < METRICS_DIALECTS_MAX &&
	    (counters[metric].shape != PLAIN || row == 0));
	return counters[metric].at + row * width + column;
}

static void
text_by_status(const struct metrics *m, const char *dialect, size_t row,
    struct buf *out)
{
	size_t class;

	for (class = 2; class < CLASSES; class++)
		buf_printf(out,
		    "%s{dialect=\"%s\",status=\"%zuxx\"} %" PRIu64 "\n",
		    counters[METRIC_REQUESTS].name, dialect, class,
		    metrics_sum(m, METRIC_REQUESTS, row, class));
}

static void
text_histogram(const struct metrics *m, const char *dialect, size_t row,
    struct buf *out)
{
	const char *name = counters[METRIC_DURATION].name;
	uint64_t below = 0, us;
	size_t i;

	for (i = 0; i < BUCKETS; i++) {
		below += metrics_sum(m, METRIC_DURATION, row, i);
		buf_printf(out,
		    "%s_bucket{dialect=\"%s\",le=\"%s\"} %" PRIu64 "\n",
		    name, dialect, buckets[i].le, below);
	}
	below += metrics_sum(m, METRIC_DURATION, row, COLUMN_REST);
	us = metrics_sum(m, METRIC_DURATION, row, COLUMN_SUM);
	buf_printf(out, "%s_bucket{dialect=\"%s\",le=\"+Inf\"} %" PRIu64 "\n"
	    "%s_sum{dialect=\"%s\"} %" PRIu64 ".%06" PRIu64 "\n"
	    "%s_count{dialect=\"%s\"} %" PRIu64 "\n", name, dialect, below,
	    name, dialect, us / 1000000, us % 1000000, name, dialect, below);
}
