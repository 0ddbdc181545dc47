/*
 * Cards: issue, read, list, change. A card's value is in its purses, one a
 * unit; gift cards have one.
 */
#ifndef DOMAIN_CARD_H
#define DOMAIN_CARD_H

#include "domain/domain.h"

#define CARD_BATCH_MAX	10000
#define CARD_PURSES_MAX	8
#define CARD_CODE_MAX	64

struct purse {
	const struct unit *unit;
	int64_t		 balance, held, available;
	int64_t		 version;
};

struct card {
	int64_t		 id;		/* per tenant, ascending, 32 bits */
	struct str	 code;
	struct str	 programme;	/* its code */
	enum programme_kind kind;
	struct str	 state;		/* active, suspended, expired, deleted:
					 * expiry already judged */
	bool		 usable;	/* state is active */
	struct date	 expires_on;	/* last valid day; year 0 = never */
	int64_t		 created_us;
	struct str	 customer;	/* public id or none */
	struct str	 reference, note;
	struct str	 store;		/* code of where it was issued, or none */
	/* In the tenant's time zone: */
	struct date	 opened_on;
	struct date	 changed_on;	/* last balance change after the
					 * opening; year 0 = never used */
	struct money	 opening;	/* unit NULL when opened empty */
	size_t		 n_purses;
	struct purse	 purses[CARD_PURSES_MAX];
};

struct card_issue_in {
	struct str	programme;	/* none: the credential's own */
	struct money	value;		/* minor 0: an empty card; unit NULL:
					 * the programme's */
	struct str	code;		/* bring your own; none: generated */
	struct date	expires_on;	/* at most one of these three; none: the */
	int64_t		term_months;	/* programme's term. Terms count from */
	int64_t		term_days;	/* today in the tenant's time zone */
	struct str	customer;	/* public id */
	struct str	reference, note;
	struct str	store;		/* code */
};

/*
 * Issue one card. Errors: PROGRAMME_NOT_FOUND, PROGRAMME_CLOSED,
 * UNIT_MISMATCH, AMOUNT_LIMIT (the programme's), CODE_TAKEN, EXPIRY_IN_PAST,
 * CUSTOMER_NOT_FOUND, INVALID (the code has other characters than letters,
 * digits, '-', '.', '_').
 */
enum err	card_issue(struct ctx *, const struct card_issue_in *,
		    struct card *ret) MUST_CHECK;

struct card_batch_out {
	size_t		 n;
	struct str	*codes;		/* arena */
};

/* n (1..CARD_BATCH_MAX) cards alike in one transaction; in->code is none. */
enum err	card_issue_batch(struct ctx *, const struct card_issue_in *,
		    int64_t n, struct card_batch_out *ret) MUST_CHECK;

/* Trimmed and upper-cased before the look-up. CARD_NOT_FOUND. */
enum err	card_get(struct ctx *, struct str code, struct card *ret)
		    MUST_CHECK;

struct card_list_in {
	struct str	customer, programme, state;	/* none: any */
	struct page_in	page;
};

struct card_list_out {
	size_t		 n;
	struct card	*cards;
	struct str	 next;		/* none at the end */
};

enum err	card_list(struct ctx *, const struct card_list_in *,
		    struct card_list_out *ret) MUST_CHECK;

struct card_update_in {
	bool		set_state, set_expires_on, set_customer, set_note;
	struct str	state;		/* active or suspended */
	struct date	expires_on;	/* year 0 with set: never */
	struct str	customer;	/* none with set: nobody */
	struct str	note;		/* none with set: no note */
};

enum err	card_update(struct ctx *, struct str code,
		    const struct card_update_in *, struct card *ret) MUST_CHECK;

#endif
