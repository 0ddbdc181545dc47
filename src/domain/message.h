/*
 * Messages to people: queued in the transaction of what they tell (a new
 * card's number, holder_enrol()), sent by `tessera message send`. Here they
 * are only read; what happens to one, sql/functions/ops_message.sql decides.
 */
#ifndef DOMAIN_MESSAGE_H
#define DOMAIN_MESSAGE_H

#include "domain/domain.h"

struct message {
	struct str	id;		/* public */
	struct str	card;		/* code */
	struct str	customer;	/* public id */
	struct str	channel;	/* sms, email */
	struct str	to;		/* phone or address */
	struct str	state;		/* message_states */
	int64_t		attempts;
	struct str	error;		/* of the last attempt, or none */
	int64_t		created_us;
	int64_t		due_us;		/* of one that is queued; else 0 */
	int64_t		ended_us;	/* sent, failed or dropped; else 0 */
};

/*
 * queued: waits for its turn. sending: given to the command. sent, failed,
 * dropped: the end. unknown: it was given to the command and nobody knows
 * whether it left; an operator decides.
 */
#define MESSAGE_STATES	6
extern const char *const	message_states[MESSAGE_STATES];

struct message_list_in { struct str state; struct page_in page; };
struct message_list_out { size_t n; struct message *items; struct str next; };

enum err message_get(struct ctx *, struct str id, struct message *ret)
	    MUST_CHECK;
/* Newest first; state none: all. */
enum err message_list(struct ctx *, const struct message_list_in *,
	    struct message_list_out *ret) MUST_CHECK;

#endif
