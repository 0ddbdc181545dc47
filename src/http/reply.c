#include "http/reply.h"

#include <assert.h>

#include "base/arena.h"
#include "base/err.h"

#define HEADERS_BYTES_MAX	((size_t)64 << 10)

/* nginx puts on the wire what follows Status:, with or without a phrase. */
static const struct {
	int		 status;
	const char	*phrase;
} phrases[] = {
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 204, "No Content" },
	{ 304, "Not Modified" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 409, "Conflict" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 422, "Unprocessable Content" },
	{ 429, "Too Many Requests" },
	{ 500, "Internal Server Error" },
	{ 503, "Service Unavailable" },
};

/* RFC 9112 section 4 lets it be empty, but many clients want to see one. */
static const char *
status_phrase(int status)
{
	size_t i;

	for (i = 0; i < COUNT(phrases); i++)
		if (phrases[i].status == status)
			return phrases[i].phrase;
	return status < 400 ? "Done" : "Refused";
}

/* A status that RFC 9110 gives no content. */
static bool
status_bare(int status)
{
	return status == 204 || status == 304;
}

void
reply_init(struct reply *reply, struct arena *arena)
{
	*reply = (struct reply){ .status = 200 };
	buf_init(&reply->body, arena, REPLY_BODY_MAX);
}

void
reply_clear(struct reply *reply)
{
	struct buf body = reply->body;

	body.n = 0;
	body.full = false;
	*reply = (struct reply){ .status = 200, .body = body };
}

void
reply_header(struct reply *reply, const char *name, struct str value)
{
	size_t i;

	for (i = 0; i < value.n; i++)
		if ((unsigned char)value.p[i] < 0x20 || value.p[i] == 0x7f)
			return;
	assert(reply->n_headers < REPLY_HEADERS_MAX);
	reply->headers[reply->n_headers].name = name;
	reply->headers[reply->n_headers].value = value;
	reply->n_headers++;
}

struct str
reply_text(struct reply *reply, struct arena *arena, bool head,
    const uint8_t request_id[16])
{
	struct buf out;
	size_t i;

	if (buf_full(&reply->body)) {
		reply_clear(reply);
		reply->status = 500;
	}
	buf_init(&out, arena, HEADERS_BYTES_MAX + REPLY_BODY_MAX);
	buf_printf(&out, "Status: %d %s\r\n", reply->status,
	    status_phrase(reply->status));
	if (!status_bare(reply->status)) {
		if (reply->content_type != NULL)
			buf_printf(&out, "Content-Type: %s\r\n",
			    reply->content_type);
		buf_printf(&out, "Content-Length: %zu\r\n", reply->body.n);
	}
	buf_puts(&out, "Cache-Control: no-store\r\nX-Request-Id: ");
	buf_put(&out, str_hex(arena, request_id, 16));
	buf_puts(&out, "\r\n");
	for (i = 0; i < reply->n_headers; i++) {
		buf_puts(&out, reply->headers[i].name);
		buf_puts(&out, ": ");
		buf_put(&out, reply->headers[i].value);
		buf_puts(&out, "\r\n");
	}
	buf_puts(&out, "\r\n");
	if (!head && !status_bare(reply->status))
		buf_put(&out, buf_str(&reply->body));
	assert(!buf_full(&out));
	return buf_str(&out);
}
