/*
 * Accounts, as a web shop sees them: the points of a customer, or a gift card.
 * Value is authorised (held) for a sale under a code, and then confirmed or
 * cancelled as a whole.
 */
#ifndef DOMAIN_ACCOUNT_H
#define DOMAIN_ACCOUNT_H

#include "domain/admin.h"
#include "domain/card.h"

#define ACCOUNT_LINES_MAX	5000	/* movements in one history */

/*
 * Which account: a customer's points by their number (the external id, compared
 * without case, or our own number where there is none), or a card's money by
 * its code. One of the two is none.
 */
struct account_ref { struct str number, code; };

struct account_line {
	struct str	kind;		/* "summary" of all before, "pending"
					 * (an open hold, amount positive), or
					 * the transfer's: "earn", "capture" */
	int64_t		at_us;
	int64_t		amount;		/* signed, in the account's unit */
	struct str	document, reason;	/* or none */
};

struct account {
	struct str	customer;	/* number, or none */
	struct str	code;		/* of the card that keeps it */
	struct str	programme, programme_name, state, reference;
	struct str	earning_text, redemption_text;	/* may be empty */
	const struct unit *unit;
	int64_t		balance, held, opened;	/* held: open holds */
	int64_t		earn_rate_bp;	/* of its programme */
	int64_t		per, value;	/* `per` points are worth `value` minor
					 * units of the tenant's currency */
	struct date	expires_on;
	int64_t		created_us;
	size_t		n_lines;
	struct account_line *lines;	/* oldest first */
};

/*
 * The account as of now, and its lines from one instant to the other, both
 * included. CUSTOMER_NOT_FOUND, NOT_ENROLLED (a customer without points),
 * CARD_NOT_FOUND (no money on it, or only set aside).
 */
enum err	account_get(struct ctx *, const struct account_ref *,
		    int64_t from_us, int64_t to_us, struct account *ret)
		    MUST_CHECK;

struct authorise_in {
	struct account_ref account;
	struct str	sale;		/* what for: the shop's order */
	int64_t		points;		/* wanted; 0: by amount */
	int64_t		amount;		/* wanted, minor units of the tenant's
					 * currency; ignored with points */
	int64_t		lapse_s;	/* 0: never */
};

struct authorisation {
	uint8_t		code[16];
	int64_t		amount;		/* granted, in the account's unit */
	int64_t		worth;		/* the same in the tenant's currency */
	bool		repeated;	/* an open one for the same was there */
};

/*
 * Hold what is wanted, or what there is. As account_get, and CARD_SUSPENDED,
 * CARD_EXPIRED, INSUFFICIENT_FUNDS (nothing worth a minor unit). The same
 * asked again for the same sale, while it is open, is the same hold.
 */
enum err	authorise(struct ctx *, const struct authorise_in *,
		    struct authorisation *ret) MUST_CHECK;

/*
 * Take what is held under the code, or let it go. ref: the number or card code
 * that it was held by. Once settled the same again is ERR_OK without effect;
 * HOLD_NOT_OPEN: it was settled the other way or has lapsed. HOLD_NOT_FOUND.
 */
enum err	settle(struct ctx *, struct str ref, const uint8_t code[16],
		    bool confirm) MUST_CHECK;

struct earn_in {
	struct str	number;		/* of the customer */
	int64_t		points;
	struct str	reason, reference;
	bool		once;		/* ignore one with the same two */
};

/* CUSTOMER_NOT_FOUND, NOT_ENROLLED, CARD_SUSPENDED, CARD_EXPIRED. */
enum err	loyalty_earn(struct ctx *, const struct earn_in *) MUST_CHECK;

/* By number, or by e-mail the one with the lowest number.
 * CUSTOMER_NOT_FOUND. */
enum err	customer_find(struct ctx *, struct str number,
		    struct str email, struct customer *ret) MUST_CHECK;

/* ---- numbers set aside ---- */

struct reserve_in {
	struct str	programme;	/* none: the credential's own */
	int64_t		n;		/* 1..CARD_BATCH_MAX */
	int64_t		lapse_s;	/* 0: never */
	struct str	agency, batch;	/* for whom; batch none: by its time */
};

enum err	card_reserve(struct ctx *, const struct reserve_in *,
		    struct card_batch_out *ret) MUST_CHECK;

struct reservation {
	struct str	code, programme, agency, batch;
	int64_t		created_us, expires_us;	/* 0: does not lapse */
	bool		lapsed;
};

struct reservation_list_in { struct str agency, batch; struct page_in page; };
struct reservation_list_out { size_t n; struct reservation *items;
	struct str next; };

/* What is set aside and no card yet, newest first; with this agency or batch,
 * if one is given. */
enum err	reservation_list(struct ctx *,
		    const struct reservation_list_in *,
		    struct reservation_list_out *ret) MUST_CHECK;

struct sell_in {
	struct str	code;		/* none: generated */
	struct str	programme;	/* none: the credential's own */
	int64_t		amount;		/* minor units */
	struct str	customer;	/* number or none */
	struct str	reference;
	bool		reserved_only;	/* code must be set aside, not lapsed */
};

/*
 * Issue a card under a number of one's own, set aside or not. The same again
 * (all of sell_in) is the same card. CODE_TAKEN, CUSTOMER_NOT_FOUND and those
 * of card_issue.
 */
enum err	card_sell(struct ctx *, const struct sell_in *,
		    struct card *ret) MUST_CHECK;

#endif
