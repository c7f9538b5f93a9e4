/* What goes with a message: copies of invoices and the statement of account (REQ: A4 A5).
 *
 * What is attached belongs to the facts (it is chosen before the fingerprint is taken), so that at T the same parts
 * follow or the message is made anew. */
#ifndef OUTBOX_ENCLOSURE_H
#define OUTBOX_ENCLOSURE_H

#include "document/statement_doc.h"
#include "outbox/gate.h"

/* Completes the facts of an e-mail by what its leading step attaches. Needs a transaction. */
MUST_USE enum rc enclosure_choose(struct ctx *cx, const struct plan_env *env, const struct planned_customer *customer,
                                  const struct decision *decision, struct message_facts *facts);
/* The parts themselves, into `text`, in cx->arena. NOT_FOUND or INTERNAL when a kept copy is gone or damaged. */
MUST_USE enum rc enclosure_make(struct ctx *cx, const struct outbox_config *config, const struct message_facts *facts,
                                struct message_text *text);

/* A letter as it is printed: its PDF, appended to `out`. `name` is the contact's. */
MUST_USE enum rc enclosure_letter(struct ctx *cx, const struct outbox_config *config, const struct message_facts *facts,
                                  const struct message_text *text, Str name, Str address, struct buf *out);

/* Ways to pay as a statement prints them, with a code to scan where one of them has any. `sums` must be there. */
void statement_ways(struct ctx *cx, struct statement_doc *doc);
/* The statement of what a message says: open items and credit of its facts, in cx->arena. */
struct statement_doc statement_of_facts(struct ctx *cx, const struct message_facts *facts, const struct pdf_image *logo);

#endif
