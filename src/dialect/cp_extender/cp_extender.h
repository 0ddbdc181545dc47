/*
 * CP Extender: customers, points and gift cards for web shops of NCR
 * Counterpoint. Inside of this folder only; the service sees
 * dialect_cp_extender alone. README.md lists what is odd about this wire;
 * sections in comments are those of the contract it names. What the vendor
 * leaves open (section 10) stands in open.c and nowhere else.
 */
#ifndef DIALECT_CP_EXTENDER_H
#define DIALECT_CP_EXTENDER_H

#include "codec/json.h"
#include "dialect/dialect.h"
#include "domain/account.h"

#define CP_ROUTES	18

extern const struct dialect	dialect_cp_extender;
extern const struct route	cp_routes[CP_ROUTES];
extern const struct err_map	cp_errors[];

/* ---- cp_extender.c ---- */

/* "Bearer TOKEN", the first word in any case; the token, or none. */
struct str	cp_token(struct str authorization);

/* ---- errors.c: one outcome, other words in other places ---- */

enum cp_place {
	CP_ELSEWHERE, CP_EARN, CP_LOYALTY_BALANCE, CP_AUTHORISE, CP_RESERVE,
	CP_CREATE
};

/* A handler says first where it is. */
void		cp_at(struct call *, enum cp_place);
/* What an outcome is there: a row of its own, or the one of cp_errors[]. */
const struct err_map	*cp_error(const struct call *, enum err);
void		cp_encode_error(struct call *, enum err,
		    const struct err_map *);

/* ---- decode.c: body and query -> what the domain takes ----
 *
 * BAD_REQUEST: what is there cannot be read, or must not be. INVALID:
 * something that is required is not given. UNIT_MISMATCH: Type names no
 * account of this controller. No database is asked. */

struct cp_login { struct str user, password; };
struct cp_window { int64_t from_us, to_us; };
struct cp_settle { struct str ref; uint8_t code[16]; };

/* Of authorisations: section 6.6 and open.c. */
enum cp_type { CP_LOYALTY, CP_GIFTCARD };

enum err	cp_decode_login(struct call *, struct cp_login *ret) MUST_CHECK;
enum err	cp_decode_earn(struct call *, struct earn_in *ret) MUST_CHECK;
enum err	cp_decode_window(struct call *, struct cp_window *ret)
		    MUST_CHECK;
enum err	cp_decode_authorise(struct call *, enum cp_type,
		    struct authorise_in *ret) MUST_CHECK;
/* HOLD_NOT_FOUND: the code has not the form of one. */
enum err	cp_decode_settle(struct call *, struct cp_settle *ret)
		    MUST_CHECK;
enum err	cp_decode_reserve(struct call *, struct reserve_in *ret)
		    MUST_CHECK;
/* programme is GiftCardCode as it was sent. */
enum err	cp_decode_sell(struct call *, struct sell_in *ret) MUST_CHECK;

/* ---- encode.c ---- */

/* Two decimals, whatever the currency has; what is finer is cut off. 1.4. */
struct str	cp_money(struct arena *, struct money);
/* "07/02/2020", in UTC. Section 1.5. */
struct str	cp_date(struct arena *, int64_t us);
struct str	cp_day(struct arena *, struct date);
/* "G" and 32 upper-case hex digits, and back, in any case. 5.3. */
struct str	cp_auth_code(struct arena *, const uint8_t [16]);
bool		cp_auth_code_read(struct str, uint8_t ret[16]);
/* A version 4 UUID of the request's id: log and answer name the same. 5.3. */
struct str	cp_request_id(struct arena *, const uint8_t [16]);

/* "1 point per 1.00 spent"; none where purchases earn nothing. */
struct str	cp_earning_text(struct arena *, int64_t rate_bp);
/* "100 points = 1.00"; none where points are worth nothing. */
struct str	cp_redemption_text(struct arena *, int64_t per,
		    struct money value);

/* A 200 with a body: *o stands inside of the outermost object. */
void		cp_begin(struct call *, struct json_out *o);
enum err	cp_end(struct json_out *o) MUST_CHECK;
/* A 204, which has neither body nor type. */
enum err	cp_nothing(struct call *) MUST_CHECK;
/* Text that is none or empty leaves its member out. Section 1.4. */
void		cp_put(struct json_out *, const char *key, struct str);
void		cp_put_money(struct json_out *, const char *key, struct arena *,
		    struct money);
/* The rows of 5.2; `amount` is what the member with the figure is called. */
void		cp_put_history(struct json_out *, struct arena *,
		    const struct account *, const char *amount);

enum err	cp_encode_status(struct call *, const struct principal *)
		    MUST_CHECK;
enum err	cp_encode_version(struct call *) MUST_CHECK;
enum err	cp_encode_token(struct call *, struct str token) MUST_CHECK;
enum err	cp_encode_customer(struct call *, const struct customer *)
		    MUST_CHECK;
enum err	cp_encode_loyalty(struct call *, const struct account *)
		    MUST_CHECK;
enum err	cp_encode_authorisation(struct call *, enum cp_type,
		    const struct authorisation *) MUST_CHECK;
enum err	cp_encode_reserved(struct call *, const struct card_batch_out *)
		    MUST_CHECK;

/* ---- open.c: section 10, one place each ---- */

/* 1 */
enum err	cp_encode_sold(struct call *, const struct sell_in *,
		    const struct card *) MUST_CHECK;
/* 2 */
enum err	cp_encode_gift(struct call *, const struct account *)
		    MUST_CHECK;
/* 3: what a type is called in answers, and what it may be called. */
const char	*cp_type_name(enum cp_type);
bool		cp_type_fits(enum cp_type, struct str);
/* 4 */
extern const char	cp_error_type[];	/* of the body */
void		cp_put_error(struct buf *, struct str message);
/* 5: with ERR_HOLD_NOT_FOUND and ERR_HOLD_NOT_OPEN in errors.c. */
#define CP_HOLD_UNKNOWN	404, "Id not found"
#define CP_HOLD_SETTLED	400, "Bad Request"
/* 6 */
struct cp_activity {
	const char	*kind;		/* of struct account_line */
	const char	*points, *gift;	/* Activity there; NULL: none */
	const char	*location;	/* NULL: none */
	const char	*reason;	/* where nobody gave one; NULL: none */
};
const struct cp_activity	*cp_activity(struct str kind);
/* 7 */
enum err	cp_encode_certificate(struct call *, const struct account *)
		    MUST_CHECK;
/* 8: how long a token of a login lives; how long a hold, 0: for ever. */
int64_t		cp_token_s(const struct principal *);
int64_t		cp_hold_s(const struct principal *);

#endif
