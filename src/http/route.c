#include "http/route.h"

#include <string.h>

#include "base/arena.h"

struct path {
	size_t		n;
	struct str	segments[PATH_SEGMENTS_MAX];	/* decoded */
};

static enum err	path_split(struct arena *, struct str, struct path *ret);
static bool	pattern_fits(const struct route *, const struct path *,
		    struct request *);

enum err
route_match(struct arena *arena, const struct route *routes, size_t n,
    struct request *req, const struct route **ret_route, unsigned *ret_allowed)
{
	struct path path;
	unsigned allowed = 0;
	size_t i;

	TRY(path_split(arena, req->path, &path));
	for (i = 0; i < n; i++) {
		if (!pattern_fits(&routes[i], &path, req))
			continue;
		if (routes[i].methods & req->method) {
			*ret_route = &routes[i];
			return ERR_OK;
		}
		allowed |= routes[i].methods;
	}
	req->n_args = 0;
	if (allowed == 0)
		return ERR_NOT_FOUND;
	*ret_allowed = allowed;
	return ERR_METHOD_NOT_ALLOWED;
}

static enum err
path_split(struct arena *arena, struct str s, struct path *ret)
{
	size_t at;

	if (s.n == 0 || s.p[0] != '/')
		return ERR_NOT_FOUND;
	ret->n = 0;
	for (;;) {
		struct str segment;

		s = str_sub(s, 1, s.n);
		segment = s;
		if (str_find(s, '/', &at))
			segment = str_sub(s, 0, at);
		if (ret->n == PATH_SEGMENTS_MAX)
			return ERR_NOT_FOUND;
		TRY(percent_decode(arena, segment, false,
		    &ret->segments[ret->n]));
		ret->n++;
		if (segment.n == s.n)
			return ERR_OK;
		s = str_sub(s, segment.n, s.n);
	}
}

/* Sets the arguments as it goes; they count only when the row is taken. */
static bool
pattern_fits(const struct route *route, const struct path *path,
    struct request *req)
{
	const char *p = route->pattern;
	size_t i, n = path->n;

	if ((route->flags & PATH_SLASH) && n > 1 &&
	    path->segments[n - 1].n == 0)
		n--;
	req->n_args = 0;
	for (i = 0; i < n; i++) {
		struct str have = path->segments[i], want;

		if (*p != '/')
			return false;
		p++;
		want = (struct str){ p, strcspn(p, "/") };
		p += want.n;
		if (want.n > 0 && want.p[0] == '{') {
			if (have.n == 0 || req->n_args == REQUEST_ARGS_MAX)
				return false;
			req->args[req->n_args++] = have;
		} else if (route->flags & PATH_NOCASE) {
			if (!str_eq_nocase(have, want))
				return false;
		} else if (!str_eq(have, want))
			return false;
	}
	return *p == '\0';
}
