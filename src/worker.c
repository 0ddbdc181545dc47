#include "worker.h"

#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "app.h"
#include "base/arena.h"
#include "builtin.h"
#include "db/db.h"
#include "domain/auth.h"
#include "http/dispatch.h"
#include "http/fcgi.h"

#define ARENA_MAX		((size_t)64 << 20)
#define CREDENTIALS_MAX		4096
/* Kept connections are never closed to make room: let there be plenty. */
#define CONNECTIONS_MAX		256
#define IO_TIMEOUT_MS		5000

struct worker {
	struct app		 app;
	const struct worker_env	*env;
	struct arena		*arena;
	struct fcgi_server	*server;	/* NULL until it serves */
	uint64_t		 reconnects, hits, misses;	/* counted */
};

static int	signals(const struct worker_env *);
static void	app_make(struct worker *, const struct worker_env *);
static void	app_free(struct worker *);
static enum err	serve(struct worker *, int stop_fd);
static void	handle(void *, struct request *, struct reply *);
static void	idle(void *);
static void	waiting(void *);
static void	count(struct worker *);

int
worker_run(const struct worker_env *env)
{
	static const struct rlimit no_core = { 0, 0 };
	struct worker w = { .env = env };
	int stop_fd;
	enum err err;

	/* Memory holds secrets: none of it may land in a file. */
	if (setrlimit(RLIMIT_CORE, &no_core) == -1 || sodium_init() == -1 ||
	    (stop_fd = signals(env)) == -1)
		return 1;
	app_make(&w, env);
	err = serve(&w, stop_fd);
	if (err != ERR_OK)
		log_line(&w.app.log, LOG_ERROR, "worker failed", "why",
		    strerror(errno), NULL);
	app_free(&w);
	close(stop_fd);
	return err == ERR_OK ? 0 : 1;
}

/*
 * Signals never interrupt a worker: SIGTERM is read from a descriptor between
 * two requests, the others are the supervisor's to act on. The descriptor, or
 * -1 when the supervisor is gone already.
 */
static int
signals(const struct worker_env *env)
{
	static const int ignored[] = { SIGINT, SIGHUP, SIGPIPE, SIGUSR1,
	    SIGUSR2 };
	sigset_t set;
	size_t i;
	int fd;

	for (i = 0; i < COUNT(ignored); i++)
		signal(ignored[i], SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	if (sigprocmask(SIG_SETMASK, &set, NULL) == -1 ||
	    (fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)) == -1)
		return -1;
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) == -1 ||
	    getppid() != env->supervisor) {
		close(fd);
		return -1;
	}
	prctl(PR_SET_NAME, "tesserad-worker");
	return fd;
}

static void
app_make(struct worker *w, const struct worker_env *env)
{
	const struct config *config = env->config;

	w->app.config = config;
	w->app.clock = clock_system;
	w->app.log = (struct log){ .fd = STDERR_FILENO,
	    .level = config->log_level };
	w->app.metrics = env->slot;
	w->app.db = db_new(&(struct db_options){
		.conninfo = config->database,
		.prepare = config->prepare,
		.statement_timeout_ms = (int)config->statement_timeout_ms,
		.clock = w->app.clock,
		.log = w->app.log,
		.waiting = waiting,
		.waiting_arg = w,
	});
	w->app.auth_cache = auth_cache_new(CREDENTIALS_MAX);
	w->arena = arena_new(ARENA_MAX);
}

static void
app_free(struct worker *w)
{
	arena_free(w->arena);
	auth_cache_free(w->app.auth_cache);
	db_free(w->app.db);
}

static enum err
serve(struct worker *w, int stop_fd)
{
	struct fcgi_limits limits = {
		.body_max = (size_t)w->app.config->body_max,
		.connections_max = CONNECTIONS_MAX,
		.io_timeout_ms = IO_TIMEOUT_MS,
	};
	struct fcgi_fds fds = {
		.listen = w->env->listen_fd, .stop = stop_fd,
		.give = w->env->give_fd, .take = w->env->take_fd,
	};
	pid_t me = getpid();

	/* Connect before the first request comes, not for it. */
	idle(w);
	if (write(w->env->ready_fd, &me, sizeof(me)) != sizeof(me))
		return ERR_INTERNAL;
	close(w->env->ready_fd);
	return fcgi_serve(&fds, &limits, w->arena, handle, idle, w,
	    &w->server);
}

static void
handle(void *arg, struct request *req, struct reply *reply)
{
	struct worker *w = arg;

	if (!builtin_answer(&w->app, w->env->metrics, req, reply))
		dispatch(&w->app, w->arena, req, reply);
	count(w);
}

static void
idle(void *arg)
{
	struct worker *w = arg;

	/* Its own back-off and log; who needs it will be told UNAVAILABLE. */
	if (db_ready(w->app.db) != ERR_OK)
		log_line(&w->app.log, LOG_DEBUG, "no database", NULL);
	count(w);
}

/* A locked row here is no reason for others' requests to wait. */
static void
waiting(void *arg)
{
	struct worker *w = arg;

	if (w->server != NULL)
		fcgi_give_others(w->server);
}

/* What others count for themselves goes where all can see it. */
static void
count(struct worker *w)
{
	uint64_t reconnects = db_reconnects(w->app.db), hits, misses;

	auth_cache_counts(w->app.auth_cache, &hits, &misses);
	if (reconnects != w->reconnects)
		metrics_add(w->env->slot, METRIC_DB_RECONNECTS, 0, 0,
		    reconnects - w->reconnects);
	if (hits != w->hits)
		metrics_add(w->env->slot, METRIC_CREDENTIAL_HITS, 0, 0,
		    hits - w->hits);
	if (misses != w->misses)
		metrics_add(w->env->slot, METRIC_CREDENTIAL_MISSES, 0, 0,
		    misses - w->misses);
	w->reconnects = reconnects;
	w->hits = hits;
	w->misses = misses;
}
