/* A channel hands one message over to the outside, by the hand-off protocol of domain.md section 4.
 *
 * The caller gives a `ready` callback: the driver calls it when the other side is ready for the body (SMTP: after 354),
 * exactly once at most, and only if it returns true may a byte of the body leave. Inside it the caller runs T. What the
 * driver returns tells what is known about the body; it never guesses. */
#ifndef CHANNEL_CHANNEL_H
#define CHANNEL_CHANNEL_H

#include "base/ctx.h"

enum handoff_outcome {
    HANDOFF_SENT,     /* 2xx to the final dot */
    HANDOFF_REFUSED,  /* `ready` said no: the connection was dropped, nothing was sent */
    HANDOFF_NOT_SENT, /* failed before the body was complete on the wire, or before `ready`: may be tried again */
    HANDOFF_DEFERRED, /* a temporary refusal: 4xx, or trouble at greeting, EHLO, STARTTLS, AUTH */
    HANDOFF_FAILED,   /* a permanent refusal of this message: 5xx to MAIL, RCPT, DATA or the dot */
    HANDOFF_AMBIGUOUS /* the body may have been accepted: timeout, EOF, reset or an unreadable reply after the dot */
};
const char *handoff_outcome_name(enum handoff_outcome outcome);

struct handoff {
    Str from, to; /* envelope addresses */
    /* Runs T. True: *out_body is what leaves (valid until the hand-off returns). */
    bool (*ready)(void *self, Str *out_body);
    void *self;
};

struct handoff_result {
    enum handoff_outcome outcome;
    bool unreachable; /* the channel as a whole could not be reached (connect, TLS, greeting, AUTH) */
    bool bad_address; /* 5xx to RCPT: the address is at fault */
    int code;         /* SMTP reply code, 0 when none */
    char reply[256];  /* the other side's last words, or the local error; no secrets */
};

/* One connection to a channel's server, used by one thread; kept open between messages. */
struct channel_connection;

struct channel_driver {
    const char *name; /* "smtp" */
    /* Never connects yet. */
    struct channel_connection *(*open)(const void *config);
    /* Always fills *out_result. Blocking, bounded by the configured timeouts. */
    void (*hand_off)(struct channel_connection *c, const struct handoff *message, struct handoff_result *out_result);
    void (*close)(struct channel_connection *c);
};

#endif
