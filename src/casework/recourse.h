/* Recourses: what became of a document beyond reminders (REQ: A3 B3). One at a time; agency and legal silence it, for whoever
 * collects now is the only one to speak. */
#ifndef CASEWORK_RECOURSE_H
#define CASEWORK_RECOURSE_H

#include "store/db.h"

struct recourse_new {
    int64_t customer_id, document_id;
    Str number; /* of the document, for the event */
    Str kind;   /* suspend | agency | legal | close_account; empty: back to normal */
    Str reason;
};

/* Ends what it was and begins the new one; writes an event. Needs a writing transaction. */
MUST_USE enum rc recourse_set(struct ctx *cx, const struct recourse_new *recourse);

#endif
