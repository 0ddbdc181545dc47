/*
 * Cardapp Cloud API: one address, ten actions, answers in JSON or XML. Inside
 * of this folder only; the service sees dialect_cardapp alone. README.md
 * lists what is odd about this wire; sections in comments are those of the
 * contract it names.
 */
#ifndef DIALECT_CARDAPP_H
#define DIALECT_CARDAPP_H

#include "codec/form.h"
#include "dialect/dialect.h"
#include "domain/holder.h"
#include "domain/purchase.h"

extern const struct dialect	dialect_cardapp;
extern const struct route	cardapp_routes[1];
extern const struct err_map	cardapp_errors[];

/* ---- the request ---- */

#define CARDAPP_REQUIRED_MAX	5

struct cardapp_request;

struct cardapp_action {
	const char	*name;		/* value of the parameter `action` */
	const char	*root;		/* of its answers in XML */
	unsigned	 scope;		/* SCOPE_*: this one is needed */
	const char	*required[CARDAPP_REQUIRED_MAX + 1];
	enum err	(*run)(struct call *, struct cardapp_request *);
};

extern const struct cardapp_action	cardapp_actions[];
extern const size_t			cardapp_actions_n;

/* Read once a request, kept in the call's memo. */
struct cardapp_request {
	struct form			 form;
	bool				 xml;
	const struct cardapp_action	*action;	/* NULL: none such */
	struct str			 other_card;	/* with PHONE_TAKEN */
};

struct cardapp_request	*cardapp_request(struct call *);

/* The last value of a name, trimmed; n is 0 when absent or empty. */
struct str	cardapp_param(const struct form *, const char *name);

/* ---- decode: parameters -> what the domain takes ----
 *
 * INVALID: the parameter at fault is in ctx->fail with code "required",
 * "invalid" or, for the action alone, "unknown". PROGRAMME_NOT_FOUND,
 * STORE_NOT_FOUND: an id that is not a number. No database is asked. */

struct cardapp_sale {
	struct purchase_in	 in;
	struct str		 suma, detail;	/* as the answer repeats them */
};

struct cardapp_change {
	struct str		 card;
	struct customer_in	 person;
	/* What the answer repeats; none: not changed. */
	struct str		 first_name, last_name, phone, city, born_on,
				 newsletter;
};

/* Is there an action, may this credential, is all there that it needs? */
enum err	cardapp_decode_action(struct ctx *,
		    const struct cardapp_request *) MUST_CHECK;

enum err	cardapp_decode_enrol(struct ctx *, const struct form *,
		    struct enrol_in *ret) MUST_CHECK;
enum err	cardapp_decode_change(struct ctx *, const struct form *,
		    struct cardapp_change *ret) MUST_CHECK;
enum err	cardapp_decode_add(struct ctx *, const struct form *,
		    struct cardapp_sale *ret) MUST_CHECK;
enum err	cardapp_decode_spend(struct ctx *, const struct form *,
		    struct cardapp_sale *ret) MUST_CHECK;
enum err	cardapp_decode_refund(struct ctx *, const struct form *,
		    struct cardapp_sale *ret) MUST_CHECK;

/* ---- encode: one list of members -> JSON or XML ---- */

#define CARDAPP_MEMBERS_MAX	8

struct cardapp_answer {
	size_t	n;
	struct cardapp_member {
		const char			*name;
		bool				 number;
		struct str			 value;
		const struct cardapp_answer	*rows;	/* or a list of them */
		size_t				 n_rows;
	} members[CARDAPP_MEMBERS_MAX];
};

/* Append a member; a value of none is left out. */
void		cardapp_text(struct cardapp_answer *, const char *name,
		    struct str);
void		cardapp_number(struct cardapp_answer *, const char *name,
		    struct str);
void		cardapp_rows(struct cardapp_answer *, const char *name,
		    const struct cardapp_answer *rows, size_t n);

/* "137", "5.6": shortest, at most two decimals. Sections 3 and 15. */
struct str	cardapp_money(struct arena *, struct money);
struct str	cardapp_integer(struct arena *, int64_t);
/* A card's code as this API writes it. Section 3. */
struct str	cardapp_code(struct arena *, struct str);

/* An answer that begins with status success and, unless it is none, the card. */
struct cardapp_answer	cardapp_success(struct arena *, struct str card);

/* Into the body, in the format that was asked for. */
void		cardapp_write(struct buf *, bool xml, const char *root,
		    const struct cardapp_answer *);
enum err	cardapp_reply(struct call *, const struct cardapp_answer *)
		    MUST_CHECK;

/* For struct dialect. */
void		cardapp_encode_error(struct call *, enum err,
		    const struct err_map *);

#endif
