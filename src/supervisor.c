#include "supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "http/metrics.h"
#include "start.h"
#include "worker.h"

#define BACKOFF_MIN_US	INT64_C(100000)
#define BACKOFF_MAX_US	INT64_C(10000000)
#define SETTLED_US	INT64_C(10000000)	/* lived: back-off forgotten */
#define READY_MAX_US	INT64_C(10000000)	/* to serve, when rolling */

struct proc {
	pid_t	pid;		/* 0: none */
	bool	ready;		/* it serves */
	bool	leaving;	/* told to end */
	int64_t	started_us;
	int64_t	kill_us;	/* when patience ends; 0: no such time */
};

/* One worker's position: its counters, and who holds it. */
struct post {
	struct proc	now;
	struct proc	old;	/* serves until now is ready, then leaves */
	int64_t		restart_us;	/* nobody there: not before */
	int64_t		backoff_us;
	unsigned	generation;	/* of the settings it runs with */
};

struct supervisor {
	struct config	*config;
	const char	*config_path;
	struct log	 log;
	struct metrics	*metrics;
	struct metrics_slot *slot;
	struct listener	 listener;
	int		 signal_fd;
	int		 ready[2];	/* workers write their pids here */
	int		 handover[2];	/* take and give of struct fcgi_fds */
	unsigned	 generation;
	bool		 rolling, stopping, announced;
	struct post	 posts[CONFIG_WORKERS_MAX];
};

static bool	begin(struct supervisor *);
static void	wait_event(struct supervisor *);
static int	timeout_ms(const struct supervisor *);
static void	on_signals(struct supervisor *);
static void	on_ready(struct supervisor *);
static void	reap(struct supervisor *);
static void	on_end(struct supervisor *, struct post *, struct proc *,
		    int status);
static void	reload(struct supervisor *);
static void	stop(struct supervisor *);
static void	tend(struct supervisor *);
static void	tend_post(struct supervisor *, struct post *);
static void	roll(struct supervisor *);
static void	roll_back(struct supervisor *, struct post *);
static void	start_worker(struct supervisor *, struct post *);
static void	tell_leave(struct supervisor *, struct proc *);
static void	log_proc(const struct supervisor *, enum log_level,
		    const char *event, const struct post *, pid_t,
		    const char *why);
static size_t	alive(const struct supervisor *);
static int64_t	now_us(void);

int
supervisor_run(struct config *config, const char *config_path)
{
	static struct supervisor s;	/* large; one a process */

	s.config = config;
	s.config_path = config_path;
	s.log = (struct log){ STDERR_FILENO, config->log_level };
	if (!begin(&s)) {
		config_free(s.config);
		return 1;
	}
	log_line(&s.log, LOG_INFO, "supervisor started", "socket",
	    s.config->socket, NULL);
	while (!s.stopping || alive(&s) > 0) {
		tend(&s);
		wait_event(&s);
	}
	pid_file_remove(s.config);
	log_line(&s.log, LOG_INFO, "supervisor ended", NULL);
	close(s.listener.fd);
	config_free(s.config);
	return 0;
}

static bool
begin(struct supervisor *s)
{
	sigset_t set;

	/* From here on signals are read, never handled: no races. */
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_SETMASK, &set, NULL) == -1 ||
	    (s->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)) ==
	    -1 || pipe2(s->ready, O_CLOEXEC | O_NONBLOCK) == -1 ||
	    socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, s->handover) ==
	    -1 ||
	    (s->metrics = metrics_new(1 + CONFIG_WORKERS_MAX)) == NULL) {
		log_line(&s->log, LOG_ERROR, "cannot begin", "why",
		    strerror(errno), NULL);
		return false;
	}
	s->slot = metrics_slot(s->metrics, 0);
	if (listener_open(s->config, &s->log, &s->listener) != ERR_OK)
		return false;
	if (pid_file_write(s->config, &s->log) != ERR_OK ||
	    privileges_drop(s->config, &s->log) != ERR_OK) {
		listener_shut(s->config, &s->listener);
		pid_file_remove(s->config);
		return false;
	}
	return true;
}

static void
wait_event(struct supervisor *s)
{
	struct pollfd fds[2] = {
		{ .fd = s->signal_fd, .events = POLLIN },
		{ .fd = s->ready[0], .events = POLLIN },
	};

	if (poll(fds, COUNT(fds), timeout_ms(s)) <= 0)
		return;
	/* Who is ready first: it may have died since, which reap finds. */
	if (fds[1].revents != 0)
		on_ready(s);
	if (fds[0].revents != 0)
		on_signals(s);
}

/* Until the next moment at which something is due; -1 for never. */
static int
timeout_ms(const struct supervisor *s)
{
	int64_t due_us = INT64_MAX, left;
	size_t i;

	for (i = 0; i < COUNT(s->posts); i++) {
		const struct post *p = &s->posts[i];
		const int64_t times[] = { p->now.kill_us, p->old.kill_us,
		    p->now.pid == 0 ? p->restart_us : 0 };
		size_t t;

		for (t = 0; t < COUNT(times); t++)
			if (times[t] != 0 && times[t] < due_us)
				due_us = times[t];
	}
	if (due_us == INT64_MAX)
		return -1;
	left = due_us - now_us();
	return left <= 0 ? 0 : (int)((left + 999) / 1000);
}

static void
on_signals(struct supervisor *s)
{
	struct signalfd_siginfo si;

	while (read(s->signal_fd, &si, sizeof(si)) == sizeof(si))
		switch (si.ssi_signo) {
		case SIGTERM:
		case SIGINT:
			stop(s);
			break;
		case SIGHUP:
			reload(s);
			break;
		case SIGCHLD:
			reap(s);
			break;
		}
}

static void
on_ready(struct supervisor *s)
{
	bool all = true;
	pid_t pid;
	size_t i;

	while (read(s->ready[0], &pid, sizeof(pid)) == sizeof(pid))
		for (i = 0; i < COUNT(s->posts); i++)
			if (s->posts[i].now.pid == pid) {
				s->posts[i].now.ready = true;
				if (!s->posts[i].now.leaving)
					s->posts[i].now.kill_us = 0;
				tell_leave(s, &s->posts[i].old);
			}
	for (i = 0; i < (size_t)s->config->workers; i++)
		all = all && s->posts[i].now.ready;
	if (all && !s->announced) {
		s->announced = true;
		log_line(&s->log, LOG_INFO, "ready", NULL);
		notify("READY=1");
	}
}

static void
reap(struct supervisor *s)
{
	int status;
	pid_t pid;
	size_t i;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (i = 0; i < COUNT(s->posts); i++) {
			struct post *p = &s->posts[i];

			if (p->now.pid == pid)
				on_end(s, p, &p->now, status);
			else if (p->old.pid == pid)
				on_end(s, p, &p->old, status);
		}
}

static void
on_end(struct supervisor *s, struct post *p, struct proc *proc, int status)
{
	struct proc was = *proc;
	char why[48];

	if (WIFSIGNALED(status))
		snprintf(why, sizeof(why), "signal %d", WTERMSIG(status));
	else
		snprintf(why, sizeof(why), "status %d", WEXITSTATUS(status));
	log_proc(s, was.leaving ? LOG_INFO : LOG_ERROR, "worker ended", p,
	    was.pid, why);
	*proc = (struct proc){0};
	if (was.leaving || proc == &p->old)
		return;
	if (p->old.pid != 0 && !p->old.leaving) {
		roll_back(s, p);
		return;
	}
	if (now_us() - was.started_us >= SETTLED_US || p->backoff_us == 0)
		p->backoff_us = BACKOFF_MIN_US;
	else if (p->backoff_us < BACKOFF_MAX_US / 2)
		p->backoff_us *= 2;
	else
		p->backoff_us = BACKOFF_MAX_US;
	p->restart_us = now_us() + p->backoff_us;
	if (!s->stopping)
		metrics_add(s->slot, METRIC_WORKER_RESTARTS, 0, 0, 1);
}

static void
reload(struct supervisor *s)
{
	const char *kept[32];
	struct config *fresh;
	size_t i, n;
	char *why;

	if (s->stopping)
		return;
	if (config_load(s->config_path, &fresh, &why) != ERR_OK) {
		log_line(&s->log, LOG_ERROR, "settings not taken", "why", why,
		    "hint", "the old ones stay", NULL);
		free(why);
		return;
	}
	n = config_keep_fixed(fresh, s->config, kept, COUNT(kept));
	for (i = 0; i < n; i++)
		log_line(&s->log, LOG_WARNING, "setting needs a restart",
		    "key", kept[i], NULL);
	config_free(s->config);
	s->config = fresh;
	s->log.level = fresh->log_level;
	s->generation++;
	s->rolling = true;
	log_line(&s->log, LOG_INFO, "settings taken", NULL);
}

static void
stop(struct supervisor *s)
{
	size_t i;

	if (s->stopping)
		return;
	s->stopping = true;
	s->rolling = false;
	notify("STOPPING=1");
	log_line(&s->log, LOG_INFO, "stopping", NULL);
	listener_shut(s->config, &s->listener);
	/* Nobody stays who could take over a connection. */
	shutdown(s->handover[0], SHUT_RDWR);
	for (i = 0; i < COUNT(s->posts); i++) {
		tell_leave(s, &s->posts[i].now);
		tell_leave(s, &s->posts[i].old);
	}
}

/* Do what is due. */
static void
tend(struct supervisor *s)
{
	size_t i;

	for (i = 0; i < COUNT(s->posts); i++)
		tend_post(s, &s->posts[i]);
	if (s->rolling)
		roll(s);
	metrics_set(s->slot, METRIC_WORKERS_ALIVE, alive(s));
}

static void
tend_post(struct supervisor *s, struct post *p)
{
	bool wanted = p - s->posts < s->config->workers && !s->stopping;
	struct proc *both[] = { &p->now, &p->old };
	int64_t now = now_us();
	size_t i;

	for (i = 0; i < COUNT(both); i++) {
		if (both[i]->kill_us == 0 || both[i]->kill_us > now)
			continue;
		log_proc(s, LOG_WARNING, "worker killed", p, both[i]->pid,
		    both[i]->leaving ? "it took longer than drain_timeout_ms" :
		    "it did not come to serve");
		kill(both[i]->pid, SIGKILL);
		both[i]->kill_us = 0;
	}
	if (!wanted) {
		p->restart_us = 0;
		tell_leave(s, &p->now);
		tell_leave(s, &p->old);
	} else if (p->now.pid == 0 && p->restart_us <= now)
		start_worker(s, p);
}

/* Replace one worker that still has old settings, when none is under way. */
static void
roll(struct supervisor *s)
{
	int64_t i;

	for (i = 0; i < s->config->workers; i++)
		if (s->posts[i].old.pid != 0)
			return;
	for (i = 0; i < s->config->workers; i++) {
		struct post *p = &s->posts[i];

		if (p->now.pid == 0 || p->generation == s->generation)
			continue;
		p->old = p->now;
		p->now = (struct proc){0};
		start_worker(s, p);
		if (p->now.pid == 0)
			roll_back(s, p);
		else
			p->now.kill_us = p->now.started_us + READY_MAX_US;
		return;
	}
	s->rolling = false;
	log_line(&s->log, LOG_INFO, "all workers have the new settings", NULL);
}

/* The new worker did not come to serve: who served before goes on. */
static void
roll_back(struct supervisor *s, struct post *p)
{
	p->now = p->old;
	p->old = (struct proc){0};
	s->rolling = false;
	log_proc(s, LOG_ERROR, "replacing workers stopped", p, p->now.pid,
	    "the new worker did not come to serve; the old ones go on");
}

static void
start_worker(struct supervisor *s, struct post *p)
{
	struct worker_env env = {
		.config = s->config,
		.metrics = s->metrics,
		.slot = metrics_slot(s->metrics, 1 + (size_t)(p - s->posts)),
		.listen_fd = s->listener.fd,
		.take_fd = s->handover[0],
		.give_fd = s->handover[1],
		.ready_fd = s->ready[1],
		.supervisor = getpid(),
	};
	pid_t pid = fork();

	if (pid == 0) {
		close(s->signal_fd);
		close(s->ready[0]);
		exit(worker_run(&env));
	}
	if (pid == -1) {
		log_proc(s, LOG_ERROR, "cannot fork", p, 0, strerror(errno));
		p->restart_us = now_us() + BACKOFF_MAX_US;
		return;
	}
	p->now = (struct proc){ .pid = pid, .started_us = now_us() };
	p->generation = s->generation;
	p->restart_us = 0;
	log_proc(s, LOG_INFO, "worker started", p, pid, NULL);
}

static void
tell_leave(struct supervisor *s, struct proc *proc)
{
	if (proc->pid == 0 || proc->leaving)
		return;
	proc->leaving = true;
	proc->kill_us = now_us() + s->config->drain_timeout_ms * 1000;
	kill(proc->pid, SIGTERM);
}

static void
log_proc(const struct supervisor *s, enum log_level level, const char *event,
    const struct post *p, pid_t pid, const char *why)
{
	char post[24], number[24];

	snprintf(post, sizeof(post), "%td", p - s->posts);
	snprintf(number, sizeof(number), "%ld", (long)pid);
	log_line(&s->log, level, event, "worker", post, "pid", number,
	    "why", why, NULL);
}

static size_t
alive(const struct supervisor *s)
{
	size_t i, n = 0;

	for (i = 0; i < COUNT(s->posts); i++)
		n += (s->posts[i].now.pid != 0) + (s->posts[i].old.pid != 0);
	return n;
}

static int64_t
now_us(void)
{
	return clock_system.mono_us(&clock_system);
}
