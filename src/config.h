/*
 * Settings of a process. ONE table in config.c: key, type, offset, default,
 * whether SIGHUP takes it; tessera.conf(5) documents each.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include "base/err.h"
#include "base/log.h"

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
	enum log_level	 log_level;
	const char	*pid_file;
};

/*
 * Read a file over the defaults. ERR_INVALID: *ret_error says file, line and
 * what to do (malloc'ed). The config is malloc'ed; config_free(NULL) is fine.
 */
enum err	config_load(const char *path, struct config **ret,
		    char **ret_error) MUST_CHECK;
void		config_free(struct config *);

#endif
