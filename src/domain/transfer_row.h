/* Rows of type api.transfer_row -> struct transfer; src/domain only. */
#ifndef DOMAIN_TRANSFER_ROW_H
#define DOMAIN_TRANSFER_ROW_H

#include "domain/call.h"
#include "domain/transfer.h"

void	transfer_row(const struct db_rows *, int i, struct transfer *ret);

#endif
