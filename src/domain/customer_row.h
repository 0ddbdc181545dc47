/* Rows of ledger.customer_view -> struct customer; only src/domain includes it. */
#ifndef DOMAIN_CUSTOMER_ROW_H
#define DOMAIN_CUSTOMER_ROW_H

#include "domain/admin.h"
#include "domain/call.h"

void	customer_row(const struct db_rows *, int i, struct customer *ret);

/* Two parameters: the names of what is set in it, and the values. */
void	params_person(struct db_params *, const struct customer_in *);

#endif
