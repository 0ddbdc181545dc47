/*
 * Administration: tenants, credentials, programmes, customers.
 */
#ifndef DOMAIN_ADMIN_H
#define DOMAIN_ADMIN_H

#include "domain/domain.h"

/* ---- tenants: a reseller's companies, and oneself ---- */

struct tenant {
	struct str	id;		/* public */
	struct str	name, host, time_zone, state;	/* active, blocked */
	const struct unit *currency;
	bool		reseller;
	struct str	settings;	/* JSON object text */
	int64_t		created_us;
};

struct tenant_in {
	bool		set_name, set_host, set_state, set_settings;
	struct str	name, host, state, settings;
	struct str	time_zone;	/* creation only: IANA name */
	struct str	currency;	/* creation only */
};

struct tenant_list_out { size_t n; struct tenant *tenants; struct str next; };

/* The caller's own tenant and, for a reseller, those it owns. FORBIDDEN to
 * create for who is not a reseller; NAME_TAKEN (name or host). */
enum err tenant_create(struct ctx *, const struct tenant_in *,
	    struct tenant *ret) MUST_CHECK;
enum err tenant_get(struct ctx *, struct str id, struct tenant *ret)
	    MUST_CHECK;
enum err tenant_update(struct ctx *, struct str id, const struct tenant_in *,
	    struct tenant *ret) MUST_CHECK;
enum err tenant_list(struct ctx *, const struct page_in *,
	    struct tenant_list_out *ret) MUST_CHECK;

/* ---- credentials ---- */

struct credential {
	struct str	id;		/* public */
	struct str	api, login, label, state;	/* active, disabled */
	unsigned	scopes;
	struct str	programme;	/* issued from, or none */
	struct str	addresses;	/* comma-separated CIDR list or none */
	int64_t		created_us, expires_us;		/* 0 = never */
	int64_t		secrets;	/* live now: 1, or 2 in a rotation */
	struct str	secret;		/* only from create and rotate, and not
					 * when it was brought */
};

struct credential_in {
	struct str	tenant;		/* public id of an owned company; none:
					 * the caller's own */
	struct str	api;		/* native, iwarehouse, cardapp, ... */
	struct str	login;		/* APIs with passwords */
	struct str	password;	/* none: one is made */
	struct str	key;		/* brought along, where the API lets
					 * that; none: one is made */
	struct str	label, programme, addresses;
	unsigned	scopes;
	int64_t		expires_us;
};

struct credential_list_out { size_t n; struct credential *items;
	struct str next; };

struct credential_rotate_in {
	struct str	password, key;	/* none: one is made */
	int64_t		overlap_s;	/* an API key's old one lives so much
					 * longer; 0: not */
};

/* NAME_TAKEN: login or key, wherever they are. */
enum err credential_create(struct ctx *, const struct credential_in *,
	    struct credential *ret) MUST_CHECK;
enum err credential_list(struct ctx *, const struct page_in *,
	    struct credential_list_out *ret) MUST_CHECK;
/* Disabled for good; its row stays for the history, its secrets do not. */
enum err credential_disable(struct ctx *, struct str id) MUST_CHECK;
/* A new secret. At most two live. */
enum err credential_rotate(struct ctx *, struct str id,
	    const struct credential_rotate_in *, struct credential *ret)
	    MUST_CHECK;
/* Lift lock-outs of this credential's login, all addresses, and those of the
 * networks it is known in. */
enum err credential_unlock(struct ctx *, struct str id) MUST_CHECK;

/* ---- oneself ---- */

/* The caller's tenant and credential, as any credential may see them. */
struct me {
	struct tenant		tenant;
	struct credential	credential;	/* without secret */
};

enum err me_get(struct ctx *, struct me *ret) MUST_CHECK;

/* ---- programmes ---- */

struct programme {
	struct str	code, name, state;	/* active, closed */
	int64_t		number;		/* 1, 2, 3 ... of the tenant's */
	enum programme_kind kind;
	const struct unit *unit;
	struct str	prefix, alphabet;	/* of generated codes */
	int64_t		code_length;		/* random characters */
	int64_t		term_months, term_days;	/* default validity; 0 = none */
	int64_t		amount_max;		/* of one issue or load */
	struct str	settings;		/* JSON of those that are set */
	int64_t		earn_rate_bp;		/* of its settings, in force */
	bool		no_leading_zero;	/* too: of generated codes */
	bool		offered;		/* too: shops may choose it */
	int64_t		created_us;
};

struct programme_in {
	bool		set_name, set_state, set_prefix, set_alphabet,
			set_code_length, set_term_months, set_term_days,
			set_amount_max, set_settings;
	struct str	code, name, state, kind, unit;	/* code, kind, unit:
							 * creation only */
	struct str	prefix, alphabet, settings;
	int64_t		code_length, term_months, term_days, amount_max;
};

struct programme_list_out { size_t n; struct programme *items;
	struct str next; };

enum err programme_create(struct ctx *, const struct programme_in *,
	    struct programme *ret) MUST_CHECK;
enum err programme_get(struct ctx *, struct str code, struct programme *ret)
	    MUST_CHECK;
enum err programme_get_number(struct ctx *, int64_t number,
	    struct programme *ret) MUST_CHECK;
enum err programme_update(struct ctx *, struct str code,
	    const struct programme_in *, struct programme *ret) MUST_CHECK;
enum err programme_list(struct ctx *, const struct page_in *,
	    struct programme_list_out *ret) MUST_CHECK;

/* ---- stores: a tenant's locations ---- */

struct store {
	struct str	code, name, state;	/* active, closed */
	int64_t		number;		/* 1, 2, 3 ... of the tenant's */
	int64_t		created_us;
};

struct store_in {
	bool		set_name, set_state;
	struct str	code, name, state;	/* code: creation only */
};

struct store_list_out { size_t n; struct store *items; struct str next; };

/* NAME_TAKEN: the code is in use. */
enum err store_create(struct ctx *, const struct store_in *,
	    struct store *ret) MUST_CHECK;
enum err store_get(struct ctx *, struct str code, struct store *ret)
	    MUST_CHECK;
enum err store_update(struct ctx *, struct str code, const struct store_in *,
	    struct store *ret) MUST_CHECK;
/* In the order they were made. */
enum err store_list(struct ctx *, const struct page_in *,
	    struct store_list_out *ret) MUST_CHECK;

/* ---- customers ---- */

enum answer { ANSWER_NONE, ANSWER_NO, ANSWER_YES };	/* none: not asked */

struct customer {
	struct str	id;		/* public */
	struct str	number;		/* external_id, or our own number */
	struct str	first_name, last_name, email, phone, external_id, note,
			city, referrer, company, category, address1, address2,
			region, postcode, country;
	struct date	born_on;
	enum answer	newsletter;
	bool		email_generated;	/* nothing is sent there */
	int64_t		created_us;
};

/* Members whose set_ flag is off are not told, or stay as they are; with it on,
 * none (or a year 0) takes the value away. THE table is in customer.c. */
struct customer_in {
	bool		set_first_name, set_last_name, set_email, set_phone,
			set_external_id, set_note, set_born_on, set_city,
			set_referrer, set_newsletter, set_company,
			set_category, set_address1, set_address2, set_region,
			set_postcode, set_country;
	struct str	first_name, last_name, email, phone, external_id, note,
			city, referrer, company, category, address1, address2,
			region, postcode, country;
	struct date	born_on;
	bool		newsletter;
};

struct customer_list_in { struct str email, phone, external_id;
	struct page_in page; };
struct customer_list_out { size_t n; struct customer *items;
	struct str next; };

/* NAME_TAKEN: external_id is in use. */
enum err customer_create(struct ctx *, const struct customer_in *,
	    struct customer *ret) MUST_CHECK;
enum err customer_get(struct ctx *, struct str id, struct customer *ret)
	    MUST_CHECK;
enum err customer_update(struct ctx *, struct str id,
	    const struct customer_in *, struct customer *ret) MUST_CHECK;
enum err customer_list(struct ctx *, const struct customer_list_in *,
	    struct customer_list_out *ret) MUST_CHECK;

/* ---- settings: one table (sql/functions/01_setting.sql) ---- */

/* Read one of the tenant's by its key, with its documented default. */
bool	setting_bool(const struct principal *, const char *key);
int64_t	setting_i64(const struct principal *, const char *key);
struct str setting_str(const struct principal *, const char *key);
/* Check a JSON object against the table; ERR_INVALID. scope: "tenant" or
 * "programme". */
enum err setting_check(struct ctx *, const char *scope, struct str json)
	    MUST_CHECK;

#endif
