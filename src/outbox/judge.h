/* What a person decides about a message, a task or a proposal (REQ: B8 B11, INV: I1). Each writes its event; each
 * refuses with CONFLICT, and says what may be done instead, when the thing is not in a state for it. Needs a writing
 * transaction. */
#ifndef OUTBOX_JUDGE_H
#define OUTBOX_JUDGE_H

#include "core/date.h"
#include "outbox/journal.h"
#include "store/db.h"

/* Approves: a message goes out with the next run, a proposed change of state is done. The approval holds for the step
 * it was given for. *out_status: what it is then. */
MUST_USE enum rc judge_confirm(struct ctx *cx, int64_t id, Date today, Str *out_status);
/* Ends it for good: its steps count as done and are not proposed again. One that was to be resent is ambiguous again.
 */
MUST_USE enum rc judge_cancel(struct ctx *cx, int64_t id, Str reason, Str *out_status);
/* A task is done. */
MUST_USE enum rc judge_task_done(struct ctx *cx, int64_t id, Str note);

/* An ambiguous message that was received after all: it counts as sent. */
MUST_USE enum rc judge_settle_sent(struct ctx *cx, int64_t id);
/* It did not arrive: its steps may be planned again, as a new message. A line "U" is gathered in `journal` (which may
 * be NULL) under a sequence that lies above all others; the caller syncs it after the commit. DENIED when the journal
 * knows more than the database: a restored one must be confirmed first. */
MUST_USE enum rc judge_settle_not_sent(struct ctx *cx, int64_t id, struct journal *journal);
/* The same bytes are to be handed over once more, under the same Message-ID, by the next run and through the gate. */
MUST_USE enum rc judge_settle_resend(struct ctx *cx, int64_t id);

#endif
