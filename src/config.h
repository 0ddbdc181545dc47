/*
 * Settings of a process. ONE table in config.c: key, type, offset, default,
 * whether SIGHUP takes it; tessera.conf(5) documents each.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include "base/err.h"
#include "base/log.h"

/* Where programs look when not told otherwise. */
#define CONFIG_PATH	TESSERA_SYSCONFDIR "/tessera/tessera.conf"

#define CONFIG_WORKERS_MAX	256

struct config {
	const char	*socket, *socket_group;
	int64_t		 socket_mode, backlog;
	const char	*user, *group;
	int64_t		 workers;
	const char	*database, *admin_database, *sql_dir;
	bool		 prepare;
	int64_t		 statement_timeout_ms, queue_deadline_ms,
			 request_deadline_ms, drain_timeout_ms;
	int64_t		 body_max;
	int64_t		 credential_cache_s, unknown_code_budget;
	const char	*message_command_sms, *message_command_email;
	int64_t		 message_timeout_s;
	enum log_level	 log_level;
	const char	*pid_file;
};

/*
 * Read a file over the defaults; a NULL path leaves the defaults alone.
 * ERR_INVALID: *ret_error says file, line, key and what is allowed (free() it).
 * The strings of a config live as long as it; config_free(NULL) is fine.
 */
enum err	config_load(const char *path, struct config **ret,
		    char **ret_error) MUST_CHECK;
void		config_free(struct config *);

/* Name of the i-th setting, NULL behind the last. */
const char	*config_key(size_t i);

/*
 * Put the old values of what only a restart can change into fresh, and say
 * which keys that undid (at most max). Answers how many.
 */
size_t		config_keep_fixed(struct config *fresh,
		    const struct config *old, const char **ret_keys,
		    size_t max);

#endif
