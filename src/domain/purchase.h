/*
 * Purchases: what was bought, and the points it earned and spent. A purchase
 * and its movements are one transaction. Purchases are immutable; a negative
 * amount is one that was cancelled or returned.
 *
 * Points are what a card's purse counts: whole points, or, on a card that
 * holds money, whole units of its currency. What a point is worth and what a
 * purchase earns are rules of the card's programme (its settings earn_rate_bp,
 * redeem_points, redeem_value, earn_on_spend).
 */
#ifndef DOMAIN_PURCHASE_H
#define DOMAIN_PURCHASE_H

#include "domain/card.h"

/* What a card holds, as a shop's till asks for it. */
struct points {
	struct str	card;		/* code */
	struct str	state;		/* as of struct card */
	int64_t		points;		/* available; below zero after a
					 * cancelled purchase */
	struct money	worth;		/* half a minor unit rounds up */
};

/* Suspended and expired cards answer too. CARD_NOT_FOUND. */
enum err	points_get(struct ctx *, struct str code, struct points *ret)
		    MUST_CHECK;

struct purchase_in {
	struct str	card;
	int64_t		amount;		/* minor units of the tenant's
					 * currency; negative: cancelled */
	int64_t		discount;	/* granted for the points; 0 and more */
	int64_t		points;		/* 0 and more: taken off the card, or
					 * with a negative amount given back */
	struct str	detail;		/* free text, kept as it is */
	bool		check_discount;	/* INVALID unless discount is what the
					 * points are worth, give or take 0.01 */
	int64_t		repeat_window_s;	/* > 0: the same purchase within
					 * it is answered again, not booked */
};

struct purchase {
	int64_t		id;
	struct str	card;		/* code */
	struct money	amount, discount;
	int64_t		spent;		/* points; negative: given back */
	int64_t		earned;		/* points; negative: taken back */
	int64_t		points_after;
	struct money	worth_after;
	int64_t		created_us;
	struct str	detail;
	bool		repeated;	/* answered again, see above */
};

/*
 * Without points the purchase earns by the programme's rate on its amount, or
 * gives back what that amount would have earned, below zero if need be. With
 * points they are taken (INSUFFICIENT_FUNDS) or given back, at most what was
 * spent from the card in all (REFUND_EXCEEDED); and what is paid beside them
 * earns only where the programme says earn_on_spend. An amount of 0 needs
 * points. CARD_NOT_FOUND, CARD_SUSPENDED, CARD_EXPIRED, AMOUNT_LIMIT,
 * BALANCE_LIMIT, INVALID (the discount). Honours the idempotency key of ctx.
 */
enum err	purchase_post(struct ctx *, const struct purchase_in *,
		    struct purchase *ret) MUST_CHECK;

struct purchase_list_out {
	size_t		 n;
	struct purchase	*items;		/* newest first */
	struct str	 next;
};

enum err	purchase_list(struct ctx *, struct str code,
		    const struct page_in *, struct purchase_list_out *ret)
		    MUST_CHECK;

#endif
