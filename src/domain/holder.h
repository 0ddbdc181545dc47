/*
 * Holders: a customer with the card that was made for them, for APIs in which
 * the two are one thing.
 */
#ifndef DOMAIN_HOLDER_H
#define DOMAIN_HOLDER_H

#include "domain/admin.h"
#include "domain/card.h"

struct enrol_in {
	struct customer_in	 person;	/* email none: one is made up */
	int64_t			 programme;	/* its number; 0: see next */
	struct str		 programme_code; /* none: the credential's own */
	int64_t			 store;		/* its number; 0: none */
	const char		*send;		/* "sms", "email": queue a
						 * message with the number;
						 * NULL: none */
};

struct enrolled {
	struct str	card;		/* code */
	struct str	customer;	/* public id */
	struct str	phone, email;	/* as they are kept; phone may be none */
	bool		queued;		/* a message will be sent */
};

/*
 * A customer and an active card for them, with the programme's welcome points.
 * PHONE_TAKEN: the phone is that of a holder of an active card of points;
 * ret->card is that card then (the one case in which ret is written beside an
 * error). PROGRAMME_NOT_FOUND, PROGRAMME_CLOSED, STORE_NOT_FOUND. A message
 * that cannot be sent (no phone that takes SMS, an e-mail that was made up) is
 * left out. Honours the idempotency key of ctx.
 */
enum err	holder_enrol(struct ctx *, const struct enrol_in *,
		    struct enrolled *ret) MUST_CHECK;

/*
 * Change the customer of a card; a card of nobody gets a new one.
 * CARD_NOT_FOUND, CARD_SUSPENDED, CARD_EXPIRED, PHONE_TAKEN.
 */
enum err	holder_update(struct ctx *, struct str code,
		    const struct customer_in *, struct customer *ret)
		    MUST_CHECK;

/*
 * A phone number without the blanks, '-', '.', '(' and ')' that people write,
 * Romanian mobile numbers as 07xxxxxxxx whatever their prefix; others as they
 * came, '+' or "00" included. False when it has not 6 to 15 digits.
 */
bool		phone_clean(struct arena *, struct str, struct str *ret)
		    MUST_CHECK;
/* Can it get an SMS? Those of the form 07xxxxxxxx can. */
bool		phone_takes_sms(struct str cleaned);

#endif
