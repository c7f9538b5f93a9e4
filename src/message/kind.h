/* The kinds of messages there are and what each is about, declared once.
 *
 * A folder of the library with another name is a kind of the user's own: it asks for open items, as reminders do. */
#ifndef MESSAGE_KIND_H
#define MESSAGE_KIND_H

#include "message/message_types.h"

enum kind_about {
    ABOUT_OWN,     /* the user's own */
    ABOUT_NOTICE,  /* what is not overdue; becomes another kind when that is untrue */
    ABOUT_OVERDUE, /* asks for what is overdue; becomes a notice when nothing is */
    ABOUT_CASE,    /* a payment, a promise, a plan, a dispute, the account: said even when nothing is open */
    ABOUT_OTHERS   /* to colleagues, not to who owes */
};

/* What must be known for the text to be true. */
enum kind_needs {
    NEEDS_PAYMENT = 1,
    NEEDS_PROMISE = 2,
    NEEDS_PLAN = 4,
    NEEDS_DISPUTE = 8,
    NEEDS_REPORT = 16,
    NEEDS_SENDS = 32,
    NEEDS_ITEMS = 64 /* at least one open item, of whatever age */
};

struct message_kind {
    const char *name;
    enum kind_about about;
    int needs;
    const char *meaning; /* for documentation and lists */
};

extern const struct message_kind message_kinds[];
extern const size_t message_kind_count;
/* NULL: none of ours. */
const struct message_kind *message_kind_find(Str name);
enum kind_about message_kind_about(Str name);
/* INVALID when the facts lack what the kind is about. */
MUST_USE enum rc message_kind_check(struct ctx *cx, Str name, const struct message_facts *facts);

#endif
