/*
 * iWAREHOUSE Gift Card API: one address that creates a card (qty) or reads
 * one (card). Inside of this folder only; the service sees dialect_iwarehouse
 * alone. README.md lists what is odd about this wire.
 */
#ifndef DIALECT_IWAREHOUSE_H
#define DIALECT_IWAREHOUSE_H

#include "codec/form.h"
#include "dialect/dialect.h"
#include "domain/card.h"

extern const struct dialect	dialect_iwarehouse;
extern const struct route	iwarehouse_routes[1];
extern const struct err_map	iwarehouse_errors[];

/* What a request asks for, once read. */
struct iwarehouse_in {
	bool			create;
	struct card_issue_in	issue;		/* create */
	struct str		card;		/* read: the code as sent */
};

/*
 * All parameters in the order in which they are looked up: the query string,
 * then the body of a POST. UNSUPPORTED_MEDIA_TYPE, BAD_REQUEST.
 */
enum err	iwarehouse_params(struct call *, struct form *ret) MUST_CHECK;

/*
 * Choose the operation and read its parameters. Amounts are in unit and at
 * most max_minor. BAD_REQUEST with the parameter at fault in fail.
 */
enum err	iwarehouse_decode(const struct form *, const struct unit *,
		    int64_t max_minor, struct fail *,
		    struct iwarehouse_in *ret) MUST_CHECK;

/* "4/03/2019": day unpadded, month of two digits; "" for no date. */
struct str	iwarehouse_date(struct arena *, struct date);

/* Write the thirteen members. CARD_NOT_FOUND: the card holds no money. */
enum err	iwarehouse_encode_card(struct call *, const struct card *)
		    MUST_CHECK;

/* For struct dialect. */
void		iwarehouse_encode_error(struct call *, enum err,
		    const struct err_map *);

#endif
