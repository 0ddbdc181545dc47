/*
 * How libfcgi 2.4 is held here. Left alone it accepts by itself, closes when
 * it likes and lingers up to two seconds on a close. So:
 *   - its listen descriptor is -1: when a connection ends, the accept it goes
 *     on to fails at once and FCGX_Accept_r answers an error;
 *   - keepConnection is set before FCGX_Finish_r, whatever nginx asked for,
 *     and we close ourselves: close(2) of a unix socket delivers what was
 *     written;
 *   - detached is set, so that what it closes on an error does not linger;
 *   - FCGX_Accept_r is called only when there are bytes to read: it blocks,
 *     up to the receive timeout of the descriptor.
 * A request's input is always read to its end, or the rest would be taken for
 * the next request: what cannot be read to its end ends the connection.
 */
#include "http/fcgi.h"

#include <assert.h>
#include <errno.h>
#include <fcgiapp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"

#define EVENTS_MAX	64
#define IDLE_MS		1000
/* Of a body over the limit, how much is read to answer 413 in peace. */
#define DISCARD_TIMES	8
/* How long a kept connection may still bring a request when we leave. */
#define LINGER_MS	250

struct conn {
	FCGX_Request	 fcgi;
	struct conn	*next_free;
	bool		 used;
	bool		 watched;	/* in the epoll set */
};

struct fcgi_server {
	const struct fcgi_fds	*fds;
	int			 epoll_fd;
	const struct fcgi_limits *limits;
	struct arena		*arena;
	void			(*handle)(void *, struct request *,
				    struct reply *);
	void			*arg;
	struct arena		*own;		/* lives as long as we serve */
	struct conn		*conns;		/* connections_max of them */
	struct conn		*free;
	const struct conn	*serving;	/* its request is being handled */
	size_t			 n_used;
	bool			 listening;	/* listen_fd is watched */
	bool			 leaving;	/* close behind each reply */
};

/* What a look at a connection without reading says. */
enum look { LOOK_BYTES, LOOK_NOTHING, LOOK_GONE };

static bool	server_init(struct fcgi_server *);
static bool	watch(struct fcgi_server *, int fd, uint32_t events,
		    const void *ptr);
static bool	listen_if_room(struct fcgi_server *);
static bool	accept_one(struct fcgi_server *);
static bool	take_one(struct fcgi_server *);
static bool	give(struct fcgi_server *, int fd);
static bool	adopt(struct fcgi_server *, int fd);
static void	serve(struct fcgi_server *, struct conn *);
static bool	serve_request(struct fcgi_server *, struct conn *);
static bool	read_body(struct fcgi_server *, FCGX_Request *,
		    struct request *);
static bool	read_length(FCGX_Request *, int64_t *ret);
static void	wipe_params(FCGX_Request *);
static void	conn_close(struct fcgi_server *, struct conn *);
static enum look	look(int fd);
static void	drain(struct fcgi_server *, int64_t now_ms);
static int64_t	mono_ms(void);

enum err
fcgi_serve(const struct fcgi_fds *fds, const struct fcgi_limits *limits,
    struct arena *arena,
    void (*handle)(void *, struct request *, struct reply *),
    void (*idle)(void *), void *arg, struct fcgi_server **ret_self)
{
	struct fcgi_server s = {
		.fds = fds, .limits = limits, .arena = arena,
		.handle = handle, .arg = arg,
	};
	struct epoll_event ev[EVENTS_MAX];
	int64_t idle_ms = mono_ms(), now;
	bool stop = false, knock;
	int i, n;

	if (!server_init(&s))
		return ERR_INTERNAL;
	*ret_self = &s;
	while (!stop) {
		if (!listen_if_room(&s))
			return ERR_INTERNAL;
		n = epoll_wait(s.epoll_fd, ev, EVENTS_MAX, IDLE_MS);
		if (n == -1 && errno != EINTR)
			return ERR_INTERNAL;
		/*
		 * One wake-up goes to one worker. Knocking once a second makes
		 * good for one that went to a worker just killed.
		 */
		knock = n <= 0;
		for (i = 0; i < n; i++) {
			if (ev[i].data.ptr == &fds->stop)
				stop = true;
			else if (ev[i].data.ptr == &fds->listen ||
			    ev[i].data.ptr == &fds->take)
				knock = true;
			else
				serve(&s, ev[i].data.ptr);
		}
		/* At most one, served before the next: siblings may be idle. */
		if (knock && (!accept_one(&s) || !take_one(&s)))
			return ERR_INTERNAL;
		/* A worker that is never idle is due once a second too. */
		if ((now = mono_ms()) >= idle_ms + IDLE_MS) {
			idle(arg);
			idle_ms = now;
		}
	}
	drain(&s, mono_ms());
	return ERR_OK;
}

static bool
server_init(struct fcgi_server *s)
{
	size_t i;

	if (FCGX_Init() != 0)
		return false;
	s->own = arena_new(s->limits->connections_max *
	    (sizeof(struct conn) + 64) + ((size_t)1 << 16));
	s->conns = arena_array(s->own, s->limits->connections_max,
	    sizeof(*s->conns));
	for (i = s->limits->connections_max; i-- > 0;) {
		s->conns[i].next_free = s->free;
		s->free = &s->conns[i];
	}
	s->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	return s->epoll_fd != -1 &&
	    watch(s, s->fds->stop, EPOLLIN, &s->fds->stop);
}

static bool
watch(struct fcgi_server *s, int fd, uint32_t events, const void *ptr)
{
	struct epoll_event ev = { .events = events,
	    .data.ptr = (void *)(uintptr_t)ptr };

	return epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, fd, &ev) == 0;
}

/* A full worker must not be woken for what only others can take. */
static bool
listen_if_room(struct fcgi_server *s)
{
	const int *both[] = { &s->fds->listen, &s->fds->take };
	bool room = s->free != NULL;
	size_t i;

	if (room == s->listening)
		return true;
	for (i = 0; i < COUNT(both); i++) {
		if (*both[i] == -1)
			continue;
		if (room && !watch(s, *both[i], EPOLLIN | EPOLLEXCLUSIVE,
		    both[i]))
			return false;
		if (!room && epoll_ctl(s->epoll_fd, EPOLL_CTL_DEL, *both[i],
		    NULL) == -1)
			return false;
	}
	s->listening = room;
	return true;
}

/* False only when the system cannot go on. */
static bool
accept_one(struct fcgi_server *s)
{
	struct timeval tv = {
		.tv_sec = s->limits->io_timeout_ms / 1000,
		.tv_usec = s->limits->io_timeout_ms % 1000 * 1000,
	};
	int fd;

	if (s->free == NULL)
		return true;
	fd = accept4(s->fds->listen, NULL, NULL, SOCK_CLOEXEC);
	if (fd == -1)
		/* Nobody there, gone again, or the supervisor shut it. */
		return errno == EAGAIN || errno == EINTR || errno == EINVAL ||
		    errno == ECONNABORTED;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)) == -1 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)) == -1) {
		close(fd);
		return false;
	}
	/*
	 * The kernel wakes the idle worker that has watched for longest. To
	 * spread kept connections, who took one goes to the end of the line.
	 */
	if (adopt(s, fd) && s->listening)
		return epoll_ctl(s->epoll_fd, EPOLL_CTL_DEL, s->fds->listen,
		    NULL) == 0 && watch(s, s->fds->listen,
		    EPOLLIN | EPOLLEXCLUSIVE, &s->fds->listen);
	return true;
}

/* A connection that a sibling gave away when it left. */
static bool
take_one(struct fcgi_server *s)
{
	union {
		struct cmsghdr	head;
		char		space[CMSG_SPACE(sizeof(int))];
	} control;
	char byte;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = &control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c;
	int fd;

	if (s->free == NULL || s->fds->take == -1)
		return true;
	if (recvmsg(s->fds->take, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) != 1 ||
	    (c = CMSG_FIRSTHDR(&msg)) == NULL || c->cmsg_type != SCM_RIGHTS)
		return true;
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	adopt(s, fd);
	return true;
}

/* The other side of take_one(). False when nobody is there to take it. */
static bool
give(struct fcgi_server *s, int fd)
{
	union {
		struct cmsghdr	head;
		char		space[CMSG_SPACE(sizeof(int))];
	} control = {0};
	char byte = 0;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = &control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	if (s->fds->give == -1)
		return false;
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	return sendmsg(s->fds->give, &msg, MSG_DONTWAIT | MSG_NOSIGNAL) == 1;
}

void
fcgi_give_others(struct fcgi_server *s)
{
	size_t i;

	for (i = 0; i < s->limits->connections_max; i++) {
		struct conn *c = &s->conns[i];

		if (c->used && c != s->serving && give(s, c->fcgi.ipcFd))
			conn_close(s, c);
	}
}

/* Serve a new connection. True when it stays; there must be room. */
static bool
adopt(struct fcgi_server *s, int fd)
{
	struct conn *c = s->free;

	FCGX_InitRequest(&c->fcgi, -1, FCGI_FAIL_ACCEPT_ON_INTR);
	s->free = c->next_free;
	s->n_used++;
	c->used = true;
	c->watched = false;
	c->fcgi.ipcFd = fd;
	serve(s, c);
	return c->used;
}

/* One request, if there is one, and what becomes of the connection. */
static void
serve(struct fcgi_server *s, struct conn *c)
{
	bool keep = true;

	/* It was given away meanwhile, while another request waited. */
	if (!c->used)
		return;
	switch (look(c->fcgi.ipcFd)) {
	case LOOK_GONE:
		keep = false;
		break;
	case LOOK_NOTHING:
		break;
	case LOOK_BYTES:
		keep = serve_request(s, c) && !s->leaving;
		break;
	}
	if (keep && !c->watched)
		keep = c->watched = watch(s, c->fcgi.ipcFd, EPOLLIN, c);
	if (!keep)
		conn_close(s, c);
}

/* True when the connection is to be kept. */
static bool
serve_request(struct fcgi_server *s, struct conn *c)
{
	FCGX_Request *f = &c->fcgi;
	struct request *req;
	struct reply reply;
	struct str text;
	bool keep, whole;
	int fd = f->ipcFd;

	FCGX_Detach(f);
	f->keepConnection = 1;
	if (FCGX_Accept_r(f) != 0)
		return false;
	assert(f->ipcFd == fd);
	keep = f->keepConnection;
	f->keepConnection = 1;

	req = arena_alloc(s->arena, sizeof(*req));
	if (request_from_params(s->arena, (const char *const *)f->envp, req) !=
	    ERR_OK)
		req->nginx_error = 400;
	whole = read_body(s, f, req);
	if (whole) {
		reply_init(&reply, s->arena);
		s->serving = c;
		s->handle(s->arg, req, &reply);
		s->serving = NULL;
		text = reply_text(&reply, s->arena,
		    str_eq(req->method_name, STR("HEAD")), req->id);
		if (FCGX_PutStr(text.p, (int)text.n, f->out) != (int)text.n)
			keep = false;
	}
	wipe_params(f);
	/*
	 * Writes the end of the request; a failure closes the descriptor. An
	 * input cut short gets no end: closing is what tells nginx.
	 */
	if (whole)
		FCGX_Finish_r(f);
	arena_reset(s->arena);
	return whole && keep && f->ipcFd != -1;
}

/*
 * Read the input to its end. False: it was cut short, or longer than it said,
 * or so much that it is not worth reading: nothing of it may be acted on.
 */
static bool
read_body(struct fcgi_server *s, FCGX_Request *f, struct request *req)
{
	char trash[8192], *body;
	int64_t length, left;
	int n;

	if (!read_length(f, &length) || length > (int64_t)s->limits->body_max *
	    DISCARD_TIMES)
		return false;
	if (length > (int64_t)s->limits->body_max || req->nginx_error != 0) {
		for (left = length; left > 0; left -= n) {
			n = left < (int64_t)sizeof(trash) ? (int)left :
			    (int)sizeof(trash);
			if (FCGX_GetStr(trash, n, f->in) != n)
				return false;
		}
		explicit_bzero(trash, sizeof(trash));
		if (req->nginx_error == 0)
			req->nginx_error = 413;
	} else if (length > 0) {
		body = arena_alloc(s->arena, (size_t)length);
		if (FCGX_GetStr(body, (int)length, f->in) != (int)length)
			return false;
		req->body = (struct str){ body, (size_t)length };
	} else
		req->body = STR("");
	return FCGX_GetStr(trash, 1, f->in) == 0 &&
	    FCGX_GetError(f->in) == 0;
}

static bool
read_length(FCGX_Request *f, int64_t *ret)
{
	struct str s = str_of(FCGX_GetParam("CONTENT_LENGTH", f->envp));

	*ret = 0;
	return s.n == 0 || str_to_i64(s, 0, INT32_MAX, ret);
}

/* libfcgi frees them as they are: queries and headers hold secrets. */
static void
wipe_params(FCGX_Request *f)
{
	char **p;

	for (p = f->envp; p != NULL && *p != NULL; p++)
		explicit_bzero(*p, strlen(*p));
}

static void
conn_close(struct fcgi_server *s, struct conn *c)
{
	int fd = c->fcgi.ipcFd;

	FCGX_Free(&c->fcgi, 0);
	if (fd != -1) {
		/* One given away stays open elsewhere: closing is not enough. */
		if (c->watched)
			epoll_ctl(s->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
		close(fd);
	}
	c->used = false;
	s->n_used--;
	c->next_free = s->free;
	s->free = c;
}

static enum look
look(int fd)
{
	char byte;
	ssize_t n = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

	if (n > 0)
		return LOOK_BYTES;
	return n == -1 && (errno == EAGAIN || errno == EINTR) ?
	    LOOK_NOTHING : LOOK_GONE;
}

/*
 * Leaving: nobody new is let in, and siblings get what is kept, together with
 * the bytes that may wait on it. Without siblings all ends: closing a
 * connection just when nginx puts a request on it fails that request, so one
 * in use is closed right behind its next reply, and one on which nothing came
 * for a while is closed then.
 */
static void
drain(struct fcgi_server *s, int64_t now_ms)
{
	struct epoll_event ev[EVENTS_MAX];
	int64_t end_ms = now_ms + LINGER_MS;
	size_t i;
	int n, k;

	fcgi_give_others(s);
	s->leaving = true;
	epoll_ctl(s->epoll_fd, EPOLL_CTL_DEL, s->fds->listen, NULL);
	epoll_ctl(s->epoll_fd, EPOLL_CTL_DEL, s->fds->take, NULL);
	epoll_ctl(s->epoll_fd, EPOLL_CTL_DEL, s->fds->stop, NULL);
	while (s->n_used > 0 && now_ms < end_ms) {
		n = epoll_wait(s->epoll_fd, ev, EVENTS_MAX,
		    (int)(end_ms - now_ms));
		if (n <= 0)
			break;
		for (k = 0; k < n; k++)
			serve(s, ev[k].data.ptr);
		now_ms = mono_ms();
	}
	for (i = 0; i < s->limits->connections_max; i++) {
		struct conn *c = &s->conns[i];

		if (c->used)
			serve(s, c);
		if (c->used)
			conn_close(s, c);
	}
	close(s->epoll_fd);
	arena_free(s->own);
}

static int64_t
mono_ms(void)
{
	return clock_system.mono_us(&clock_system) / 1000;
}
