/*
 * Movements of value: the C side of the ledger's one door.
 *
 * transfer_post() takes a batch; each entry says what the ledger is to do. A
 * batch of one is the usual case. Entries with linked set form a chain with
 * the entry after them: all of a chain or none.
 */
#ifndef DOMAIN_TRANSFER_H
#define DOMAIN_TRANSFER_H

#include "domain/card.h"

/* A transfer's name: the card, the unit and its number in that purse. */
struct transfer_id {
	int64_t	card;
	int64_t	unit;
	int64_t	seq;
};

/* Opaque text for APIs and back; false when it is not one of ours. */
struct str	transfer_id_format(struct arena *, struct transfer_id);
bool		transfer_id_parse(struct str, struct transfer_id *ret);

/* "in", "out" or, for what is set aside or released, "none". */
const char	*transfer_direction(int direction);

enum transfer_action {
	ACT_CREDIT,		/* load, earn, refund, adjust up */
	ACT_DEBIT,		/* redeem, expire, adjust down */
	ACT_AUTHORISE,		/* set aside */
	ACT_CAPTURE,		/* of hold `origin`; amount 0 = all that is held */
	ACT_VOID,		/* of hold `origin` */
	ACT_LAPSE,		/* of hold `origin`, when due */
	ACT_REVERSE		/* of transfer `origin`; amount 0 = all that is
				 * left of it */
};

struct transfer_in {
	enum transfer_action	 action;
	struct str		 card;		/* code; for credit, debit,
						 * authorise */
	struct transfer_id	 origin;	/* for the others */
	const char		*kind;		/* "load", "redeem", ...; NULL:
						 * the action's own */
	struct money		 value;		/* unit NULL: the card's only */
	bool			 partial;	/* at most what is available */
	bool			 linked;
	bool			 keep_open;	/* capture: keep the rest held */
	int64_t			 expected_version;	/* 0: any */
	int64_t			 expires_in_s;	/* authorise; 0: never */
	struct str		 reference;
	struct str		 reason;	/* why, in a person's words */
};

struct transfer {
	struct transfer_id	 id;
	struct str		 card;		/* code */
	enum err		 status;	/* of this entry */
	struct str		 kind;
	int			 direction;	/* 1 in, -1 out, 0 set aside or
						 * released */
	struct money		 value;		/* what was granted */
	int64_t			 balance_after, held_after;
	int64_t			 created_us;
	struct transfer_id	 origin;	/* card 0: none */
	int64_t			 expires_us;	/* authorise; 0: never */
	int64_t			 available;	/* with INSUFFICIENT_FUNDS etc. */
	struct str		 reference;
	bool			 repeated;	/* identical reversal: no effect,
						 * this is the earlier one */
	/* The purchase that caused it, in histories (transfer_get, _list);
	 * purchase_id 0: none. */
	int64_t			 purchase_id;
	struct money		 purchase_amount, purchase_discount;
	struct str		 purchase_detail;
	struct str		 reason;	/* in histories too */
};

/*
 * Post n (1..100) entries. Answers the first entry's refusal as error when
 * n == 1; otherwise ERR_OK with a status in each entry (in a chain all but
 * the culprit are LINKED_FAILED). The idempotency key in ctx is honoured;
 * ctx->replayed is set when this is the answer of an earlier call.
 * IDEMPOTENCY_KEY_REUSED, REQUEST_IN_PROGRESS.
 */
enum err	transfer_post(struct ctx *, const struct transfer_in *, size_t n,
		    struct transfer *ret /* n of them */) MUST_CHECK;

/*
 * The same for a batch that is one chain (linked is set here): the culprit's
 * refusal is the error, and ret_culprit says which entry it was.
 */
enum err	transfer_post_all(struct ctx *, struct transfer_in *, size_t n,
		    struct transfer *ret, size_t *ret_culprit) MUST_CHECK;

enum err	transfer_get(struct ctx *, struct transfer_id,
		    struct transfer *ret) MUST_CHECK;

struct transfer_list_out {
	size_t		 n;
	struct transfer	*transfers;	/* newest first */
	struct str	 next;
};

/* History of one card, all its purses. */
enum err	transfer_list(struct ctx *, struct str card_code,
		    const struct page_in *, struct transfer_list_out *ret)
		    MUST_CHECK;

struct hold {
	struct transfer_id	 id;		/* that of its authorise */
	struct str		 card;
	struct str		 state;		/* open, captured, voided, lapsed */
	struct money		 value;		/* granted */
	int64_t			 remaining, captured, released;
	int64_t			 created_us, expires_us;
	struct str		 reference;
	size_t			 n_history;
	struct transfer		*history;	/* oldest first */
};

enum err	hold_get(struct ctx *, struct transfer_id, struct hold *ret)
		    MUST_CHECK;

#endif
