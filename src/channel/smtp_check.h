/* Whether the mail server takes us: connects, encrypts, signs in and names the sender as for a message, and sends none. */
#ifndef CHANNEL_SMTP_CHECK_H
#define CHANNEL_SMTP_CHECK_H

#include "channel/smtp.h"

struct smtp_check {
    bool good;           /* a message could follow */
    const char *stage;   /* how far it came: as smtp_stage_name says, or "ready" */
    bool encrypted;      /* by STARTTLS or from the beginning, as configured, with a certificate that is good */
    bool authenticated;  /* the server took the login */
    int code;            /* last SMTP reply code, 0: none */
    char greeting[200];  /* of the server; printable ASCII */
    char reply[256];     /* the last words, or the local error; no secrets */
    int64_t took_ms;
};

/* Blocking, at most `seconds`. `from` is an address mime_address_valid takes. Never fails: what went wrong is told. */
void smtp_check_run(const struct smtp_config *config, Str from, int seconds, struct smtp_check *out_check);

#endif
