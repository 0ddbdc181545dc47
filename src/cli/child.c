#include "cli/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

static volatile sig_atomic_t	stop;

static void
on_stop(int sig)
{
	(void)sig;
	stop = 1;
}

/* It only has to interrupt ppoll(). */
static void
on_child(int sig)
{
	(void)sig;
}

static void
handle(int sig, void (*fn)(int))
{
	struct sigaction sa = { .sa_handler = fn };

	sigemptyset(&sa.sa_mask);
	sigaction(sig, &sa, NULL);
}

void
child_setup(struct child_masks *ret)
{
	sigset_t set;

	handle(SIGPIPE, SIG_IGN);
	handle(SIGCHLD, on_child);
	handle(SIGTERM, on_stop);
	handle(SIGINT, on_stop);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, &ret->usual);
	ret->running = ret->usual;
	sigaddset(&ret->running, SIGTERM);
	sigaddset(&ret->running, SIGINT);
}

static struct timespec
timespec_of(int64_t ms)
{
	return (struct timespec){ ms / 1000, (long)(ms % 1000) * 1000000 };
}

static int64_t
now_ms(void)
{
	return clock_system.mono_us(&clock_system) / 1000;
}

bool
child_pause(const struct child_masks *masks, int64_t ms)
{
	int64_t end = now_ms() + ms, left = ms;
	struct timespec ts;

	/* Once at least, even without time: what is pending comes through. */
	do {
		ts = timespec_of(left);
		(void)ppoll(NULL, 0, &ts, &masks->usual);
		left = end - now_ms();
	} while (left > 0 && !stop);
	return stop != 0;
}

/* What of the run is ours. Closed descriptors are -1. */
struct run {
	const struct child	*child;
	const struct child_masks *masks;
	pid_t			 pid;
	int			 in, err;
	size_t			 written;
	char			 text[CHILD_LINE_MAX];
	size_t			 n;		/* bytes of text */
	bool			 line_over;	/* the first one has ended */
};

static void
shut(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

/* 0 or errno. */
static int
spawn(struct run *r, int in, int err)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t defaults;
	size_t n = 0;
	char **env;
	int e;

	while (environ[n] != NULL)
		n++;
	env = calloc(n + 2, sizeof(*env));
	if (env == NULL)
		return ENOMEM;
	env[0] = (char *)(uintptr_t)r->child->env;
	memcpy(env + 1, environ, n * sizeof(*env));
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, in, 0);
	posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&files, err, 2);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP |
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setsigmask(&attr, &r->masks->usual);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	e = posix_spawnp(&r->pid, r->child->argv[0], &files, &attr,
	    r->child->argv, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	free(env);
	return e;
}

/* Both pipes and the process; 0 or errno. */
static int
start(struct run *r)
{
	int in[2], err[2], e;

	if (pipe2(in, O_CLOEXEC) == -1)
		return errno;
	if (pipe2(err, O_CLOEXEC) == -1) {
		e = errno;
		close(in[0]);
		close(in[1]);
		return e;
	}
	e = spawn(r, in[0], err[1]);
	close(in[0]);
	close(err[1]);
	r->in = in[1];
	r->err = err[0];
	if (e != 0 || fcntl(r->in, F_SETFL, O_NONBLOCK) == -1 ||
	    fcntl(r->err, F_SETFL, O_NONBLOCK) == -1) {
		shut(&r->in);
		shut(&r->err);
	}
	return e;
}

/* One that does not read to the end has its reasons. */
static void
feed(struct run *r)
{
	struct str in = r->child->input;
	ssize_t n = write(r->in, in.p + r->written, in.n - r->written);

	if (n > 0)
		r->written += (size_t)n;
	if ((n == -1 && errno != EAGAIN && errno != EINTR) ||
	    r->written == in.n)
		shut(&r->in);
}

/* All that is there now; only the first line is kept. */
static void
listen_to(struct run *r)
{
	char buf[512];
	ssize_t n;

	while ((n = read(r->err, buf, sizeof(buf))) > 0)
		for (ssize_t i = 0; i < n && !r->line_over; i++) {
			if (r->n == sizeof(r->text) || buf[i] == '\n')
				r->line_over = true;
			else
				r->text[r->n++] = buf[i];
		}
	if (n == 0 || (errno != EAGAIN && errno != EINTR))
		shut(&r->err);
}

/* True: it has ended, with *ret_status of waitpid(). */
static bool
wait_until(struct run *r, int64_t end_ms, int *ret_status)
{
	struct pollfd fds[2];
	struct timespec ts;
	int64_t left;

	while (waitpid(r->pid, ret_status, WNOHANG) != r->pid) {
		left = end_ms - now_ms();
		if (left <= 0)
			return false;
		ts = timespec_of(left);
		/* poll() passes over what is -1. */
		fds[0] = (struct pollfd){ r->in, POLLOUT, 0 };
		fds[1] = (struct pollfd){ r->err, POLLIN, 0 };
		if (ppoll(fds, 2, &ts, &r->masks->running) <= 0)
			continue;
		if (fds[0].revents != 0)
			feed(r);
		if (fds[1].revents != 0)
			listen_to(r);
	}
	return true;
}

/* What a terminal, a log and the database can bear. */
static void
clean_line(const struct run *r, char ret[CHILD_LINE_MAX + 1])
{
	struct str s = { r->text, r->n };
	size_t n = 0;

	while (s.n > 0) {
		size_t len = str_utf8_next(s);

		if (len == 0) {		/* also one cut off at the end */
			if (s.n > 3)
				ret[n++] = '?';
			len = 1;
		} else if (len == 1 && ((unsigned char)s.p[0] < ' ' ||
		    s.p[0] == 0x7f)) {
			ret[n++] = ' ';
		} else {
			memcpy(ret + n, s.p, len);
			n += len;
		}
		s = str_sub(s, len, s.n);
	}
	ret[n] = '\0';
}

void
child_run(const struct child_masks *masks, const struct child *child,
    struct child_end *ret)
{
	struct run r = { .child = child, .masks = masks, .in = -1,
	    .err = -1 };
	int status = 0;

	memset(ret, 0, sizeof(*ret));
	ret->code = start(&r);
	if (ret->code != 0) {
		ret->how = CHILD_NOT_STARTED;
		return;
	}
	if (!wait_until(&r, now_ms() + child->timeout_ms, &status)) {
		kill(-r.pid, SIGKILL);
		while (waitpid(r.pid, &status, 0) == -1 && errno == EINTR)
			continue;
		ret->how = CHILD_TIMED_OUT;
	} else if (WIFSIGNALED(status)) {
		ret->how = CHILD_KILLED;
		ret->code = WTERMSIG(status);
	} else {
		ret->how = CHILD_EXITED;
		ret->code = WEXITSTATUS(status);
	}
	if (r.err != -1)
		listen_to(&r);
	shut(&r.in);
	shut(&r.err);
	clean_line(&r, ret->line);
}
