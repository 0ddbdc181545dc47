#include "client.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { BEGIN = 1, END = 3, PARAMS = 4, STDIN = 5, STDOUT = 6 };

struct wire {
	unsigned char	p[256 << 10];
	size_t		n;
};

static void
record(struct wire *w, int type, const void *p, size_t n)
{
	const unsigned char head[8] = { 1, (unsigned char)type, 0, 1,
	    (unsigned char)(n >> 8), (unsigned char)n, 0, 0 };

	memcpy(w->p + w->n, head, 8);
	if (n > 0)
		memcpy(w->p + w->n + 8, p, n);
	w->n += 8 + n;
}

static void
length(unsigned char **p, size_t n)
{
	*(*p)++ = (unsigned char)(n >> 24 | 0x80);
	*(*p)++ = (unsigned char)(n >> 16);
	*(*p)++ = (unsigned char)(n >> 8);
	*(*p)++ = (unsigned char)n;
}

static void
param(struct wire *w, const char *name, size_t name_n, const char *value)
{
	static unsigned char buf[60000];
	unsigned char *p = buf;

	length(&p, name_n);
	length(&p, strlen(value));
	memcpy(p, name, name_n);
	memcpy(p + name_n, value, strlen(value));
	record(w, PARAMS, buf, (size_t)(p - buf) + name_n + strlen(value));
}

int
client_connect(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", path);
	if (connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0)
		return fd;
	close(fd);
	return -1;
}

bool
client_send(int fd, const struct client_request *r)
{
	static struct wire w;
	unsigned char begin[8] = { 0, 1, r->keep, 0, 0, 0, 0, 0 };
	size_t body_n = r->body == NULL ? 0 : strlen(r->body), at, i;
	char number[24];

	w.n = 0;
	record(&w, BEGIN, begin, sizeof(begin));
	param(&w, "REQUEST_METHOD", 14, r->method != NULL ? r->method : "GET");
	param(&w, "REQUEST_URI", 11, r->path);
	snprintf(number, sizeof(number), "%zu", body_n);
	param(&w, "CONTENT_LENGTH", 14, r->length != NULL ? r->length : number);
	if (!r->http)
		param(&w, "HTTPS", 5, "on");
	for (i = 0; r->params[i] != NULL; i++) {
		at = strcspn(r->params[i], "=");
		param(&w, r->params[i], at, r->params[i] + at + 1);
	}
	record(&w, PARAMS, NULL, 0);
	for (at = 0; at < body_n; at += i) {
		i = body_n - at < 32000 ? body_n - at : 32000;
		record(&w, STDIN, r->body + at, i);
	}
	record(&w, STDIN, NULL, 0);
	w.n -= (size_t)r->cut;
	for (at = 0; at < w.n; at += (size_t)i) {
		ssize_t n = send(fd, w.p + at, w.n - at, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		i = (size_t)n;
	}
	return true;
}

static bool
read_n(int fd, void *p, size_t n)
{
	return n == 0 || recv(fd, p, n, MSG_WAITALL) == (ssize_t)n;
}

bool
client_receive(int fd, struct client_reply *ret)
{
	unsigned char head[8], trash[256 + 65536];
	size_t n;
	char *at;

	ret->n = 0;
	do {
		if (!read_n(fd, head, 8))
			return false;
		n = (size_t)head[4] << 8 | head[5];
		if (head[1] == STDOUT && ret->n + n < sizeof(ret->text)) {
			if (!read_n(fd, ret->text + ret->n, n) ||
			    !read_n(fd, trash, head[6]))
				return false;
			ret->n += n;
		} else if (!read_n(fd, trash, n + head[6]))
			return false;
	} while (head[1] != END);
	ret->text[ret->n] = '\0';
	ret->status = 0;
	if (sscanf(ret->text, "Status: %d", &ret->status) != 1)
		return false;
	at = strstr(ret->text, "\r\n\r\n");
	ret->body = at != NULL ? at + 4 : ret->text + ret->n;
	return at != NULL;
}

bool
client_call(const char *path, const struct client_request *r,
    struct client_reply *ret)
{
	int fd = client_connect(path);
	bool ok;

	if (fd == -1)
		return false;
	ok = client_send(fd, r) && client_receive(fd, ret);
	close(fd);
	return ok;
}
