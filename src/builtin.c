#include "builtin.h"

#include "db/db.h"
#include "dialect/dialect.h"

static void	healthz(struct app *, const struct metrics *, struct reply *);
static void	readyz(struct app *, const struct metrics *, struct reply *);
static void	metrics(struct app *, const struct metrics *, struct reply *);

static const struct {
	const char	*path;
	void		(*answer)(struct app *, const struct metrics *,
			    struct reply *);
} builtins[] = {
	{ "/healthz",	healthz },
	{ "/readyz",	readyz },
	{ "/metrics",	metrics },
};

bool
builtin_answer(struct app *app, const struct metrics *m,
    const struct request *req, struct reply *reply)
{
	int64_t began_us = app->clock.mono_us(&app->clock);
	size_t i;

	for (i = 0; i < COUNT(builtins); i++)
		if (str_eq(req->path, str_of(builtins[i].path)))
			break;
	if (i == COUNT(builtins) || req->nginx_error != 0)
		return false;
	reply->content_type = "text/plain; charset=utf-8";
	if (req->method != GET && !str_eq(req->method_name, STR("HEAD"))) {
		reply->status = 405;
		reply_header(reply, "Allow", STR("GET, HEAD"));
	} else
		builtins[i].answer(app, m, reply);
	metrics_add(app->metrics, METRIC_REQUESTS, 0,
	    (size_t)reply->status / 100, 1);
	metrics_duration(app->metrics, 0,
	    app->clock.mono_us(&app->clock) - began_us);
	return true;
}

static void
healthz(struct app *app, const struct metrics *m, struct reply *reply)
{
	(void)app;
	(void)m;
	buf_puts(&reply->body, "ok\n");
}

static void
readyz(struct app *app, const struct metrics *m, struct reply *reply)
{
	(void)m;
	if (db_ready(app->db) == ERR_OK) {
		buf_puts(&reply->body, "ok\n");
		return;
	}
	reply->status = 503;
	reply_header(reply, "Retry-After", STR("2"));
	buf_puts(&reply->body, "no database\n");
}

static void
metrics(struct app *app, const struct metrics *m, struct reply *reply)
{
	const char *names[METRICS_DIALECTS_MAX];
	size_t i, n = 0;

	(void)app;
	for (i = 0; i < dialects_n && n < METRICS_DIALECTS_MAX - 1; i++)
		names[n++] = dialects[i]->name;
	reply->content_type = "text/plain; version=0.0.4; charset=utf-8";
	metrics_text(m, names, n, &reply->body);
}
