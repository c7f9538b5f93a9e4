/* The names of outcomes, as the database and the log spell them. */
#include "channel/channel.h"

const char *handoff_outcome_name(enum handoff_outcome outcome) {
    static const char *const names[] = {
        [HANDOFF_SENT] = "sent",         [HANDOFF_REFUSED] = "refused", [HANDOFF_NOT_SENT] = "not_sent",
        [HANDOFF_DEFERRED] = "deferred", [HANDOFF_FAILED] = "failed",   [HANDOFF_AMBIGUOUS] = "ambiguous",
    };
    MUST((size_t)outcome < COUNT_OF(names));
    return names[outcome];
}
