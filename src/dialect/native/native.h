/*
 * /v1, the native API: inside of its folder only. Handlers are in the file of
 * their noun (cards.c, holds.c, ...), each with the tables of what it reads;
 * read.c and write.c are what they share, encode.c the shapes that several
 * of them answer with. README.md tells the decisions.
 *
 * Everything written here must follow from the typed result (and the request)
 * alone: a repeat under an idempotency key has to answer the same bytes.
 */
#ifndef DIALECT_NATIVE_H
#define DIALECT_NATIVE_H

#include "codec/json.h"
#include "dialect/dialect.h"
#include "domain/admin.h"
#include "domain/transfer.h"

#define V1_REFERENCE_MAX	128	/* code points, as below */
#define V1_NOTE_MAX		1000
#define V1_ID_MAX		64
#define V1_CURSOR_MAX		512
#define V1_LIMIT_MAX		200
#define V1_LIMIT_DEFAULT	50
#define V1_TENDERS_MAX		20
#define V1_SETTINGS_MAX		16384	/* bytes */

extern const struct dialect	dialect_native;
extern const struct err_map	native_errors[ERR__COUNT];

/* native.c */
enum err	v1_authenticate(struct call *) MUST_CHECK;
void		v1_encode_error(struct call *, enum err,
		    const struct err_map *);

/* ---- read.c: what comes in ---- */

/*
 * The body, a JSON object, into dst. UNSUPPORTED_MEDIA_TYPE, BAD_REQUEST,
 * INVALID. No query parameter is allowed beside it. The optional form takes
 * an empty body of any type for {}.
 */
enum err	v1_body(struct call *, const struct field *, size_t n,
		    void *dst) MUST_CHECK;
enum err	v1_body_optional(struct call *, const struct field *, size_t n,
		    void *dst) MUST_CHECK;

/* A query parameter of a list; value stays STR_NONE when it is not sent. */
struct v1_param {
	const char	*name;
	struct str	*value;
};

/*
 * The query of a list: limit and cursor into page, the others by the table.
 * INVALID names what is unknown, sent twice, empty or too long.
 */
enum err	v1_query_list(struct call *, struct page_in *,
		    const struct v1_param *, size_t n) MUST_CHECK;
enum err	v1_query_none(struct call *) MUST_CHECK;

/*
 * The path's first argument as a card's code or an id. What cannot be one
 * (not UTF-8, too long) is answered with the error given, like an unknown one.
 */
enum err	v1_arg(struct call *, enum err unknown, struct str *ret)
		    MUST_CHECK;
enum err	v1_arg_transfer(struct call *, enum err unknown,
		    struct transfer_id *ret) MUST_CHECK;

/* INVALID unless s is absent or one of the n words. */
enum err	v1_one_of(struct call *, const char *field, struct str s,
		    const char *const *words, size_t n) MUST_CHECK;

/* An array of strings as one text with commas; INVALID if one has a comma. */
enum err	v1_join(struct call *, const char *field,
		    const struct field_array *, struct str *ret) MUST_CHECK;

/* A settings object, or STR_NONE: must be an object of bounded size. */
enum err	v1_settings(struct call *, struct str) MUST_CHECK;

/*
 * err, unless it says that what the body's member refers to does not exist:
 * then that member is named, which makes the answer 422 instead of 404.
 */
enum err	v1_body_ref(struct call *, enum err err, enum err unknown,
		    const char *field);

/* ---- write.c: what goes out ---- */

/* Status and content type, and a cursor on the body. */
struct json_out	v1_reply(struct call *, int status);
enum err	v1_reply_end(struct call *);	/* INTERNAL: beyond the limit */
enum err	v1_no_content(struct call *);
/* Location: prefix and the escaped name of what was made. */
void		v1_location(struct call *, const char *prefix, struct str);
/* {"items": [ ... ], "next_cursor"?} around the items. */
struct json_out	v1_list(struct call *);
enum err	v1_list_end(struct call *, struct json_out *, struct str next);

void	v1_put_instant(struct call *, struct json_out *, const char *key,
	    int64_t us);			/* 0: left out */
void	v1_put_date(struct call *, struct json_out *, const char *key,
	    struct date);			/* year 0: left out */
/* "currency": "EUR" or "unit": "points" */
void	v1_put_unit(struct json_out *, const struct unit *);
/* Text with commas as an array; STR_NONE leaves it out. */
void	v1_put_split(struct json_out *, const char *key, struct str);

/* ---- encode.c: shapes with several users ---- */

void	v1_put_card(struct call *, struct json_out *, const struct card *);
/* requested: what was asked for with partial, or NULL. */
void	v1_put_transfer(struct call *, struct json_out *, const char *key,
	    const struct transfer *, const struct money *requested);
void	v1_put_hold(struct call *, struct json_out *, const struct hold *,
	    const struct money *requested, bool with_history);
void	v1_put_tenant(struct call *, struct json_out *, const char *key,
	    const struct tenant *);
void	v1_put_credential(struct call *, struct json_out *, const char *key,
	    const struct credential *);
/* Ids are texts, also where they are numbers inside. */
struct str	v1_purchase_id(struct call *, int64_t);
/* 201, Location and the transfer as the whole body. */
enum err	v1_transfer_made(struct call *, const struct transfer *,
		    const struct money *requested);

/* ---- handlers, by file ---- */

/* cards.c */
enum err	v1_cards_issue(struct call *);
enum err	v1_cards_batch(struct call *);
enum err	v1_cards_list(struct call *);
enum err	v1_cards_get(struct call *);
enum err	v1_cards_change(struct call *);

/* transfers.c */
enum err	v1_loads_make(struct call *);
enum err	v1_redemptions_make(struct call *);
enum err	v1_tenders_redeem(struct call *);
enum err	v1_reversals_make(struct call *);
enum err	v1_transfers_get(struct call *);
enum err	v1_transfers_list(struct call *);

/* holds.c */
enum err	v1_holds_make(struct call *);
enum err	v1_holds_capture(struct call *);
enum err	v1_holds_void(struct call *);
enum err	v1_holds_get(struct call *);

/* tenants.c */
enum err	v1_tenants_list(struct call *);
enum err	v1_tenants_create(struct call *);
enum err	v1_tenants_get(struct call *);
enum err	v1_tenants_change(struct call *);
enum err	v1_me(struct call *);

/* credentials.c */
enum err	v1_credentials_list(struct call *);
enum err	v1_credentials_create(struct call *);
enum err	v1_credentials_disable(struct call *);
enum err	v1_credentials_rotate(struct call *);
enum err	v1_credentials_unlock(struct call *);

/* programmes.c */
enum err	v1_programmes_list(struct call *);
enum err	v1_programmes_create(struct call *);
enum err	v1_programmes_get(struct call *);
enum err	v1_programmes_change(struct call *);

/* stores.c */
enum err	v1_stores_list(struct call *);
enum err	v1_stores_create(struct call *);
enum err	v1_stores_get(struct call *);
enum err	v1_stores_change(struct call *);

/* purchases.c */
enum err	v1_purchases_list(struct call *);

/* messages.c */
enum err	v1_messages_list(struct call *);
enum err	v1_messages_get(struct call *);

/* reservations.c */
enum err	v1_reservations_list(struct call *);

/* customers.c */
enum err	v1_customers_list(struct call *);
enum err	v1_customers_create(struct call *);
enum err	v1_customers_get(struct call *);
enum err	v1_customers_change(struct call *);

#endif
