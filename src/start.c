#include "start.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define LISTEN_FDS_START	3	/* sd_listen_fds(3) */

static bool	listener_inherit(const struct log *, int *ret_fd);
static enum err	stale_remove(const struct sockaddr_un *, const struct log *);
static enum err	bind_as(int fd, const struct sockaddr_un *,
		    const struct config *, const struct log *);
static enum err	ids_of(const struct config *, const struct log *, uid_t *,
		    gid_t *);
static enum err	complain(const struct log *, enum err, const char *what,
		    const char *key, const char *value, const char *why);

enum err
listener_open(const struct config *config, const struct log *log,
    struct listener *ret)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	enum err err;
	int fd;

	if (listener_inherit(log, &fd)) {
		*ret = (struct listener){ .fd = fd, .ours = false };
		return ERR_OK;
	}
	/* config.c bounds it. */
	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", config->socket);
	TRY(stale_remove(&sun, log));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return complain(log, ERR_UNAVAILABLE, "cannot make a socket",
		    "socket", config->socket, strerror(errno));
	err = bind_as(fd, &sun, config, log);
	if (err != ERR_OK) {
		close(fd);
		return err;
	}
	*ret = (struct listener){ .fd = fd, .ours = true };
	return ERR_OK;
}

void
listener_shut(const struct config *config, const struct listener *l)
{
	if (!l->ours)
		return;
	unlink(config->socket);
	/* Better refused at once than accepted by nobody. */
	shutdown(l->fd, SHUT_RD);
}

enum err
pid_file_write(const struct config *config, const struct log *log)
{
	char text[24];
	int fd, n;
	bool ok;

	if (config->pid_file == NULL)
		return ERR_OK;
	n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());
	fd = open(config->pid_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
	    O_NOFOLLOW, 0644);
	ok = fd != -1 && write(fd, text, (size_t)n) == n;
	if (fd != -1 && close(fd) == -1)
		ok = false;
	if (!ok)
		return complain(log, ERR_UNAVAILABLE,
		    "cannot write the pid file", "pid_file", config->pid_file,
		    strerror(errno));
	return ERR_OK;
}

void
pid_file_remove(const struct config *config)
{
	if (config->pid_file != NULL)
		unlink(config->pid_file);
}

enum err
privileges_drop(const struct config *config, const struct log *log)
{
	uid_t uid;
	gid_t gid;

	if (config->user == NULL) {
		if (geteuid() == 0)
			log_line(log, LOG_WARNING, "running as root", "hint",
			    "name a user in tessera.conf", NULL);
		return ERR_OK;
	}
	TRY(ids_of(config, log, &uid, &gid));
	if (geteuid() != 0 && geteuid() == uid)
		return ERR_OK;
	if (initgroups(config->user, gid) == -1 ||
	    setresgid(gid, gid, gid) == -1 || setresuid(uid, uid, uid) == -1)
		return complain(log, ERR_FORBIDDEN,
		    "cannot become the user; only root can", "user",
		    config->user, strerror(errno));
	if (uid != 0 && (setuid(0) != -1 || (gid != 0 && setgid(0) != -1)))
		return complain(log, ERR_FORBIDDEN,
		    "could become root again", "user", config->user, NULL);
	return ERR_OK;
}

void
notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	socklen_t len;
	int fd;

	if (path == NULL || (path[0] != '/' && path[0] != '@') ||
	    strlen(path) >= sizeof(sun.sun_path))
		return;
	len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
	    strlen(path));
	memcpy(sun.sun_path, path, strlen(path));
	if (path[0] == '@')
		sun.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return;
	/* Nobody to tell when it fails. */
	(void)sendto(fd, state, strlen(state), MSG_NOSIGNAL,
	    (struct sockaddr *)&sun, len);
	close(fd);
}

static bool
listener_inherit(const struct log *log, int *ret_fd)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	int64_t for_pid, n;
	int flags;

	if (!str_to_i64(str_of(pid), 1, INT32_MAX, &for_pid) ||
	    for_pid != getpid() || !str_to_i64(str_of(fds), 1, 1, &n))
		return false;
	flags = fcntl(LISTEN_FDS_START, F_GETFL);
	if (flags == -1 || fcntl(LISTEN_FDS_START, F_SETFL,
	    flags | O_NONBLOCK) == -1 ||
	    fcntl(LISTEN_FDS_START, F_SETFD, FD_CLOEXEC) == -1) {
		log_line(log, LOG_WARNING, "LISTEN_FDS is no descriptor",
		    NULL);
		return false;
	}
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	*ret_fd = LISTEN_FDS_START;
	return true;
}

/*
 * Does somebody live on it? Workers that finish their last requests after
 * their supervisor was killed still hold the socket, so that connecting to it
 * succeeds; but whoever called listen(2) is gone.
 */
static bool
lives(int fd, const struct sockaddr_un *sun)
{
	struct ucred who = {0};
	socklen_t len = sizeof(who);

	if (connect(fd, (const struct sockaddr *)sun, sizeof(*sun)) == -1)
		return errno != ECONNREFUSED && errno != ENOENT;
	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == -1 ||
	    who.pid <= 0 || kill(who.pid, 0) == 0 || errno != ESRCH;
}

static enum err
stale_remove(const struct sockaddr_un *sun, const struct log *log)
{
	struct stat st;
	bool alive;
	int fd;

	if (lstat(sun->sun_path, &st) == -1)
		return ERR_OK;	/* what else it may be, bind will say */
	if (!S_ISSOCK(st.st_mode))
		return complain(log, ERR_NAME_TAKEN,
		    "there is something that is no socket", "socket",
		    sun->sun_path, NULL);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return complain(log, ERR_UNAVAILABLE, "cannot make a socket",
		    "socket", sun->sun_path, strerror(errno));
	alive = lives(fd, sun);
	close(fd);
	if (alive)
		return complain(log, ERR_NAME_TAKEN,
		    "another server lives on it; stop that first", "socket",
		    sun->sun_path, NULL);
	if (unlink(sun->sun_path) == -1)
		return complain(log, ERR_UNAVAILABLE,
		    "cannot remove the old one", "socket", sun->sun_path,
		    strerror(errno));
	return ERR_OK;
}

static enum err
bind_as(int fd, const struct sockaddr_un *sun, const struct config *config,
    const struct log *log)
{
	const struct group *gr = NULL;
	uid_t uid = (uid_t)-1;
	gid_t gid = (gid_t)-1, unused;
	mode_t mask;
	int rc;

	if (config->socket_group != NULL) {
		if ((gr = getgrnam(config->socket_group)) == NULL)
			return complain(log, ERR_INVALID, "no such group",
			    "socket_group", config->socket_group, NULL);
		gid = gr->gr_gid;
	}
	/* Its owner can remove it at the end, where the folder allows. */
	if (config->user != NULL && geteuid() == 0)
		TRY(ids_of(config, log, &uid, &unused));
	/* Nobody gets in between bind and chmod. */
	mask = umask(0777);
	rc = bind(fd, (const struct sockaddr *)sun, sizeof(*sun));
	umask(mask);
	if (rc == -1)
		return complain(log, ERR_UNAVAILABLE,
		    "cannot bind; does its folder exist, and is it ours?",
		    "socket", sun->sun_path, strerror(errno));
	if (((uid != (uid_t)-1 || gid != (gid_t)-1) &&
	    chown(sun->sun_path, uid, gid) == -1) ||
	    chmod(sun->sun_path, (mode_t)config->socket_mode) == -1 ||
	    listen(fd, (int)config->backlog) == -1) {
		rc = errno;
		unlink(sun->sun_path);
		return complain(log, ERR_UNAVAILABLE,
		    "cannot give it its owner and mode", "socket",
		    sun->sun_path, strerror(rc));
	}
	return ERR_OK;
}

static enum err
ids_of(const struct config *config, const struct log *log, uid_t *ret_uid,
    gid_t *ret_gid)
{
	const struct passwd *pw = getpwnam(config->user);
	const struct group *gr;

	if (pw == NULL)
		return complain(log, ERR_INVALID, "no such user", "user",
		    config->user, NULL);
	*ret_uid = pw->pw_uid;
	*ret_gid = pw->pw_gid;
	if (config->group == NULL)
		return ERR_OK;
	if ((gr = getgrnam(config->group)) == NULL)
		return complain(log, ERR_INVALID, "no such group", "group",
		    config->group, NULL);
	*ret_gid = gr->gr_gid;
	return ERR_OK;
}

static enum err
complain(const struct log *log, enum err err, const char *what,
    const char *key, const char *value, const char *why)
{
	log_line(log, LOG_ERROR, what, key, value, "why", why, NULL);
	return err;
}
