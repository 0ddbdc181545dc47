/* Rows of ledger.card_view -> struct card; only src/domain includes this. */
#ifndef DOMAIN_CARD_ROW_H
#define DOMAIN_CARD_ROW_H

#include "domain/call.h"
#include "domain/card.h"

/*
 * Read the card that begins at row *at; its purses are the rows of the same
 * card_id. *at moves on to the next card.
 */
void	card_row(const struct db_rows *, int *at, struct card *ret);

/* Trimmed, upper-cased; STR_NONE when it cannot be a code. */
struct str	card_code_clean(struct arena *, struct str);

#endif
