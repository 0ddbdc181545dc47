#include "config.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"

#define CONFIG_BYTES_MAX	((size_t)1 << 20)
#define LINE_MAX_BYTES		4096

enum setting_kind { SET_STRING, SET_INT, SET_OCTAL, SET_BOOL, SET_LEVEL };

/* How a setting takes effect when SIGHUP brings another value. */
enum { AT_START, RELOAD };

struct setting {
	const char		*key;
	enum setting_kind	 kind;
	size_t			 offset;
	const char		*preset;	/* NULL: none, may stay empty */
	int64_t			 min, max;	/* numbers; bytes of a string */
	int			 reload;
};

#define AT(member)	offsetof(struct config, member)
#define DAY_MS		86400000

/* THE table. Each key has its paragraph in tessera.conf(5). */
static const struct setting settings[] = {
	{ "socket", SET_STRING, AT(socket), "/run/tessera/tessera.sock",
	    1, 107, AT_START },
	{ "socket_mode", SET_OCTAL, AT(socket_mode), "0660",
	    0, 0777, AT_START },
	{ "socket_group", SET_STRING, AT(socket_group), NULL,
	    0, 255, AT_START },
	{ "backlog", SET_INT, AT(backlog), "1024", 1, 65535, AT_START },
	{ "user", SET_STRING, AT(user), NULL, 0, 255, AT_START },
	{ "group", SET_STRING, AT(group), NULL, 0, 255, AT_START },
	{ "workers", SET_INT, AT(workers), "8",
	    1, CONFIG_WORKERS_MAX, RELOAD },
	{ "database", SET_STRING, AT(database),
	    "host=/run/postgresql dbname=tessera user=tessera_app",
	    1, 2048, RELOAD },
	{ "admin_database", SET_STRING, AT(admin_database),
	    "host=/run/postgresql dbname=tessera user=tessera_admin",
	    1, 2048, RELOAD },
	{ "sql_dir", SET_STRING, AT(sql_dir), TESSERA_PKGDATADIR "/sql",
	    1, 2048, RELOAD },
	{ "prepare", SET_BOOL, AT(prepare), "yes", 0, 0, RELOAD },
	{ "statement_timeout_ms", SET_INT, AT(statement_timeout_ms), "5000",
	    1, DAY_MS, RELOAD },
	{ "queue_deadline_ms", SET_INT, AT(queue_deadline_ms), "5000",
	    1, DAY_MS, RELOAD },
	{ "request_deadline_ms", SET_INT, AT(request_deadline_ms), "10000",
	    1, DAY_MS, RELOAD },
	{ "body_max", SET_INT, AT(body_max), "1048576",
	    1024, 8 << 20, RELOAD },
	{ "credential_cache_s", SET_INT, AT(credential_cache_s), "60",
	    0, 3600, RELOAD },
	{ "unknown_code_budget", SET_INT, AT(unknown_code_budget), "60",
	    1, 1000000, RELOAD },
	/* For the operator's command. */
	{ "message_command_sms", SET_STRING, AT(message_command_sms), NULL,
	    0, 2048, RELOAD },
	{ "message_command_email", SET_STRING, AT(message_command_email),
	    NULL, 0, 2048, RELOAD },
	{ "message_timeout_s", SET_INT, AT(message_timeout_s), "60",
	    1, 3600, RELOAD },
	{ "drain_timeout_ms", SET_INT, AT(drain_timeout_ms), "15000",
	    1, DAY_MS, RELOAD },
	{ "log_level", SET_LEVEL, AT(log_level), "info", 0, 0, RELOAD },
	{ "pid_file", SET_STRING, AT(pid_file), NULL, 0, 4095, AT_START },
};

/* What config_load() hands out; config is its first member. */
struct config_box {
	struct config	 config;
	struct arena	*arena;
	int		 lines[COUNT(settings)];	/* 0: not in the file */
};

static enum err	read_file(struct config_box *, const char *path, FILE *,
		    char **ret_error);
static enum err	read_line(struct config_box *, struct str line, int number,
		    char *why, size_t why_size);
static bool	set(struct config_box *, const struct setting *, struct str);
static void	say_allowed(const struct setting *, char *, size_t);
static void	*member(const struct config *, const struct setting *);

enum err
config_load(const char *path, struct config **ret, char **ret_error)
{
	struct arena *arena = arena_new(CONFIG_BYTES_MAX);
	struct config_box *box = arena_alloc(arena, sizeof(*box));
	enum err err = ERR_OK;
	FILE *f;
	size_t i;

	box->arena = arena;
	for (i = 0; i < COUNT(settings); i++) {
		bool ok = settings[i].preset == NULL ||
		    set(box, &settings[i], str_of(settings[i].preset));

		assert(ok);
		(void)ok;
	}
	if (path != NULL) {
		if ((f = fopen(path, "re")) == NULL) {
			if (asprintf(ret_error, "%s: cannot be read: %s", path,
			    strerror(errno)) == -1)
				abort();
			err = ERR_INVALID;
		} else {
			err = read_file(box, path, f, ret_error);
			fclose(f);
		}
	}
	if (err != ERR_OK) {
		config_free(&box->config);
		return err;
	}
	*ret = &box->config;
	return ERR_OK;
}

void
config_free(struct config *config)
{
	if (config != NULL)
		arena_free(((struct config_box *)(void *)config)->arena);
}

const char *
config_key(size_t i)
{
	return i < COUNT(settings) ? settings[i].key : NULL;
}

size_t
config_keep_fixed(struct config *fresh, const struct config *old,
    const char **ret_keys, size_t max)
{
	struct config_box *box = (struct config_box *)(void *)fresh;
	size_t i, n = 0;

	for (i = 0; i < COUNT(settings); i++) {
		const struct setting *s = &settings[i];

		if (s->reload == RELOAD)
			continue;
		if (s->kind == SET_STRING) {
			const char **to = member(fresh, s);
			struct str was =
			    str_of(*(const char **)member(old, s));

			if (str_eq(str_of(*to), was))
				continue;
			*to = was.p == NULL ? NULL :
			    str_cstr(box->arena, was);
		} else {
			int64_t *to = member(fresh, s);
			int64_t was = *(int64_t *)member(old, s);

			if (*to == was)
				continue;
			*to = was;
		}
		if (n < max)
			ret_keys[n++] = s->key;
	}
	return n;
}

static enum err
read_file(struct config_box *box, const char *path, FILE *f, char **ret_error)
{
	char line[LINE_MAX_BYTES + 2], why[512];
	enum err err = ERR_OK;
	int number = 0;

	while (err == ERR_OK && fgets(line, sizeof(line), f) != NULL) {
		size_t n = strlen(line);

		number++;
		if (n > LINE_MAX_BYTES) {
			snprintf(why, sizeof(why),
			    "the line is longer than %d bytes", LINE_MAX_BYTES);
			err = ERR_INVALID;
		} else
			err = read_line(box, (struct str){ line, n }, number,
			    why, sizeof(why));
	}
	if (err == ERR_OK && ferror(f)) {
		snprintf(why, sizeof(why), "cannot be read: %s",
		    strerror(errno));
		err = ERR_INVALID;
	}
	explicit_bzero(line, sizeof(line));	/* a conninfo may hold secrets */
	if (err != ERR_OK &&
	    asprintf(ret_error, "%s:%d: %s", path, number, why) == -1)
		abort();
	return err;
}

static enum err
read_line(struct config_box *box, struct str line, int number, char *why,
    size_t why_size)
{
	struct str key, value;
	char allowed[128];
	size_t at, i;

	line = str_trim(line);
	if (line.n == 0 || line.p[0] == '#')
		return ERR_OK;
	if (!str_find(line, '=', &at)) {
		snprintf(why, why_size,
		    "write \"key = value\", or # in front of a comment");
		return ERR_INVALID;
	}
	key = str_trim(str_sub(line, 0, at));
	value = str_trim(str_sub(line, at + 1, line.n));
	for (i = 0; i < COUNT(settings); i++)
		if (str_eq(key, str_of(settings[i].key)))
			break;
	if (i == COUNT(settings)) {
		snprintf(why, why_size, "\"%.*s\" is no setting; "
		    "tessera.conf(5) lists them", STR_ARG(str_sub(key, 0, 64)));
		return ERR_INVALID;
	}
	if (box->lines[i] != 0) {
		snprintf(why, why_size, "%s stands already on line %d; "
		    "remove one", settings[i].key, box->lines[i]);
		return ERR_INVALID;
	}
	box->lines[i] = number;
	if (!set(box, &settings[i], value)) {
		say_allowed(&settings[i], allowed, sizeof(allowed));
		snprintf(why, why_size, "%s must be %s", settings[i].key,
		    allowed);
		return ERR_INVALID;
	}
	return ERR_OK;
}

static bool
octal_parse(struct str s, int64_t min, int64_t max, int64_t *ret)
{
	int64_t v = 0;
	size_t i;

	if (s.n == 0 || s.n > 5)
		return false;
	for (i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '7')
			return false;
		v = v * 8 + (s.p[i] - '0');
	}
	if (v < min || v > max)
		return false;
	*ret = v;
	return true;
}

static bool
set(struct config_box *box, const struct setting *s, struct str value)
{
	void *to = member(&box->config, s);

	switch (s->kind) {
	case SET_STRING:
		if (value.n < (size_t)s->min || value.n > (size_t)s->max ||
		    !str_utf8_ok(value))
			return false;
		*(const char **)to = value.n == 0 ? NULL :
		    str_cstr(box->arena, value);
		return true;
	case SET_INT:
		return str_to_i64(value, s->min, s->max, to);
	case SET_OCTAL:
		return octal_parse(value, s->min, s->max, to);
	case SET_BOOL:
		if (!str_eq(value, STR("yes")) && !str_eq(value, STR("no")))
			return false;
		*(bool *)to = str_eq(value, STR("yes"));
		return true;
	case SET_LEVEL:
		return log_level_parse(value, to);
	}
	return false;
}

static void
say_allowed(const struct setting *s, char *to, size_t size)
{
	switch (s->kind) {
	case SET_STRING:
		snprintf(to, size, "text of %lld to %lld bytes",
		    (long long)s->min, (long long)s->max);
		return;
	case SET_INT:
		snprintf(to, size, "a whole number from %lld to %lld",
		    (long long)s->min, (long long)s->max);
		return;
	case SET_OCTAL:
		snprintf(to, size, "an octal mode from %04llo to %04llo",
		    (unsigned long long)s->min, (unsigned long long)s->max);
		return;
	case SET_BOOL:
		snprintf(to, size, "yes or no");
		return;
	case SET_LEVEL:
		snprintf(to, size, "error, warning, info or debug");
		return;
	}
}

static void *
member(const struct config *config, const struct setting *s)
{
	return (char *)(uintptr_t)config + s->offset;
}
