/*
 * The operator's command `tessera`. To add a command: one function, one row
 * in main.c's table, one paragraph in man/tessera.1.
 *
 * A command's function gets its words after the command's name, begins with
 * cli_options(), answers the exit status and has said on stderr why when that
 * is not CLI_OK. What it allocates lives in cli->arena until the process ends.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "app.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/money.h"
#include "config.h"
#include "db/db.h"

enum { CLI_OK = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

struct cli;

/* Flags of a command; cli_options() alone acts on them. */
enum {
	FOR_TENANT = 1,		/* --tenant NAME is needed */
	MAY_TENANT = 2		/* without it the command is for all */
};

struct command {
	const char	*name;		/* "tenant add" */
	int		 (*run)(struct cli *, int argc, char **argv);
	unsigned	 flags;
	const char	*usage;		/* what follows, but --tenant */
	const char	*help;		/* one sentence */
};

struct cli {
	const struct command	*command;
	const char		*conf_path;
	struct config		*config;
	bool			 json;
	bool			 help;		/* --help after the name */
	int			 status;	/* when cli_options() fails */
	struct arena		*arena;
	struct app		 app;
	struct principal	 who;		/* the tenant worked for;
						 * tenant 0: none */
	struct str		 tenant_id;	/* its public id */
	struct ctx		 ctx;
};

/* ---- option.c ---- */

enum opt_kind {
	OPT_TEXT,		/* const char * */
	OPT_NUMBER,		/* int64_t, 0 and more */
	OPT_FLAG		/* bool */
};

struct opt {
	const char	*name;		/* without the hyphens */
	enum opt_kind	 kind;
	void		*value;
};

/*
 * Take the options out of argv, wherever they stand; what is left are words,
 * at least min and at most max. For a command with one of the flags --tenant
 * is taken too, and the database opened, for that tenant if there is one.
 * False: reported, the caller answers cli->status.
 */
bool	cli_options(struct cli *, int *argc, char **argv, const struct opt *,
	    size_t n, int min, int max) MUST_CHECK;
/* How --tenant stands in the usage of a command, with a blank behind; or "". */
const char	*cli_tenant_word(const struct command *);

/* Say what is wrong and what to do; answers CLI_FAILED. */
int	cli_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same for a wrong command line; answers CLI_USAGE. */
int	cli_misuse(struct cli *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
/* Put an operation's refusal into words; answers CLI_FAILED. */
int	cli_refused(struct cli *, enum err, const char *what);

/* ---- session.c ---- */

/* The configuration; false: reported. */
bool	cli_config(struct cli *) MUST_CHECK;
/* Connect as operator; no tenant yet. False: reported. */
bool	cli_open(struct cli *) MUST_CHECK;
/* Connect and work for this tenant (name, host or id). False: reported. */
bool	cli_open_tenant(struct cli *, const char *name) MUST_CHECK;
/* A function of schema ops; ctx.fail is empty afterwards. */
enum err cli_call(struct cli *, enum db_kind, const char *name,
	    const struct db_params *, struct db_rows *ret) MUST_CHECK;

/* ---- set.c ---- */

enum set_kind { SET_TEXT, SET_NUMBER, SET_BOOL, SET_DATE, SET_INSTANT,
	SET_AMOUNT };

/* One KEY=VALUE that fills two members of an *_in struct. */
struct set_key {
	const char	*key;
	enum set_kind	 kind;
	size_t		 flag, value;	/* offsets of the bool and the value */
};

#define SET_KEY(s, m, kind)						\
	{ #m, kind, offsetof(struct s, set_##m), offsetof(struct s, m) }

/*
 * Read KEY=VALUE words into in; an empty value takes the member away. unit is
 * that of amounts. False: reported, the caller answers cli->status.
 */
bool	cli_set(struct cli *, const struct set_key *, size_t n, void *in,
	    const struct unit *, int argc, char **argv) MUST_CHECK;
/*
 * The same where every other key is a setting, which the database judges:
 * together they become a JSON object, the text behind the table's own key
 * "settings".
 */
bool	cli_set_all(struct cli *, const struct set_key *, size_t n, void *in,
	    const struct unit *, int argc, char **argv) MUST_CHECK;

/* Decimal text of this unit. False: reported. */
bool	cli_amount(const char *text, const struct unit *, int64_t *ret)
	    MUST_CHECK;

/* ---- table.c ---- */

enum cell_kind { CELL_TEXT, CELL_I64, CELL_BOOL, CELL_MONEY, CELL_DATE,
	CELL_INSTANT, CELL_JSON };

struct column {
	const char	*key;		/* JSON member; heading */
	enum cell_kind	 kind;
};

struct cell {
	struct str	 text;		/* STR_NONE: empty, absent in JSON */
	struct money	 money;
	int64_t		 number;
};

/* Rows under the same columns, printed at the end. */
struct table {
	struct cli		*cli;
	const struct column	*columns;
	size_t			 n_columns, n_cells, cap;
	struct cell		*cells;
};

void	table_begin(struct table *, struct cli *, const struct column *,
	    size_t n);
/* Cells in the columns' order; the kinds must agree. */
void	table_str(struct table *, struct str);
void	table_i64(struct table *, int64_t);
void	table_bool(struct table *, bool);
void	table_money(struct table *, struct money);	/* unit NULL: empty */
void	table_date(struct table *, struct date);
void	table_instant(struct table *, int64_t us);
/* An array in JSON, aligned columns otherwise. Answers the exit status. */
int	table_list(struct table *) MUST_CHECK;
/* The only row: an object in JSON, lines "name: value" otherwise. */
int	table_one(struct table *) MUST_CHECK;

/* ---- file.c ---- */

/* A whole file; false: reported. */
bool	file_read(struct cli *, const char *path, size_t max,
	    struct str *ret) MUST_CHECK;

struct file_list {
	size_t		  n;
	const char	**names;	/* without the folder, in order */
};

/* The *.sql files of a folder; false: reported. */
bool	file_list(struct cli *, const char *dir, struct file_list *ret)
	    MUST_CHECK;

/* ---- the commands ---- */

int	cmd_migrate(struct cli *, int, char **);
int	cmd_verify(struct cli *, int, char **);
int	cmd_tenant_add(struct cli *, int, char **);
int	cmd_tenant_list(struct cli *, int, char **);
int	cmd_tenant_show(struct cli *, int, char **);
int	cmd_tenant_set(struct cli *, int, char **);
int	cmd_tenant_block(struct cli *, int, char **);
int	cmd_tenant_unblock(struct cli *, int, char **);
int	cmd_programme_add(struct cli *, int, char **);
int	cmd_programme_list(struct cli *, int, char **);
int	cmd_programme_show(struct cli *, int, char **);
int	cmd_programme_set(struct cli *, int, char **);
int	cmd_credential_add(struct cli *, int, char **);
int	cmd_credential_list(struct cli *, int, char **);
int	cmd_credential_rotate(struct cli *, int, char **);
int	cmd_credential_disable(struct cli *, int, char **);
int	cmd_credential_unlock(struct cli *, int, char **);
int	cmd_credential_blocked(struct cli *, int, char **);
int	cmd_address_unlock(struct cli *, int, char **);
int	cmd_store_add(struct cli *, int, char **);
int	cmd_store_list(struct cli *, int, char **);
int	cmd_store_set(struct cli *, int, char **);
int	cmd_customer_add(struct cli *, int, char **);
int	cmd_customer_enrol(struct cli *, int, char **);
int	cmd_customer_list(struct cli *, int, char **);
int	cmd_customer_show(struct cli *, int, char **);
int	cmd_customer_set(struct cli *, int, char **);
int	cmd_card_show(struct cli *, int, char **);
int	cmd_card_history(struct cli *, int, char **);
int	cmd_card_purchases(struct cli *, int, char **);
int	cmd_card_list(struct cli *, int, char **);
int	cmd_card_latest(struct cli *, int, char **);
int	cmd_card_suspend(struct cli *, int, char **);
int	cmd_card_activate(struct cli *, int, char **);
int	cmd_reservation_list(struct cli *, int, char **);
int	cmd_message_list(struct cli *, int, char **);
int	cmd_message_retry(struct cli *, int, char **);
int	cmd_message_drop(struct cli *, int, char **);
int	cmd_message_send(struct cli *, int, char **);
int	cmd_cards_import(struct cli *, int, char **);
int	cmd_cards_export(struct cli *, int, char **);

#endif
