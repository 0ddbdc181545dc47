/*
 * Codes: random, upper case, unguessable; uniqueness is the database's
 * business. Randomness is libsodium's, each symbol drawn without bias.
 */
#ifndef DOMAIN_CODE_H
#define DOMAIN_CODE_H

#include "domain/admin.h"

/* One code by the rules of a programme: prefix and code_length symbols. */
struct str	code_make(struct arena *, const struct programme *);

/* The alphabet a programme gets when it names none: 32 symbols without the
 * look-alikes I, L, O, U; 40 bits in 8 of them. */
#define CODE_ALPHABET	"0123456789ABCDEFGHJKMNPQRSTVWXYZ"

#endif
