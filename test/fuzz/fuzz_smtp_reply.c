/* Any dialogue: the first byte of each line says who speaks (> us, < the server) or what happens (B: ready agreed, R:
 * it refused, D: the dot may be out, A: no AUTH). The judgement never claims more than the dialogue gives. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "channel/smtp_talk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void play(struct smtp_talk *t, Str line) {
    Str rest = {line.p + 1, line.n - 1};
    switch (line.p[0]) {
    case '>': smtp_talk_command(t, rest); break;
    case '<':
        if (!smtp_talk_reply(t, rest)) MUST(t->unreadable);
        break;
    case 'B':
        /* As the driver does: only on a 354, once. */
        if (t->stage == AT_DATA && t->complete && t->code == 354 && !t->asked) {
            t->asked = true;
            smtp_talk_body(t);
        }
        break;
    case 'R':
        if (t->stage == AT_DATA && t->complete && t->code == 354 && !t->asked) t->asked = t->refused = true;
        break;
    case 'D':
        if (t->stage == AT_BODY && !t->refused) t->dot_out = true;
        break;
    case 'A':
        if (!t->asked) smtp_talk_no_auth(t);
        break;
    default: break;
    }
}

static void check(const struct smtp_talk *t, const struct handoff_result *r) {
    bool maybe = r->outcome == HANDOFF_SENT || r->outcome == HANDOFF_AMBIGUOUS;
    MUST(t->dot_out || !maybe);
    MUST(!t->dot_out || r->outcome != HANDOFF_NOT_SENT);
    MUST(r->outcome != HANDOFF_SENT || (r->code >= 200 && r->code <= 299));
    MUST(!t->dot_out || r->outcome != HANDOFF_FAILED || (r->code >= 500 && r->code <= 599));
    MUST(!t->dot_out || r->outcome != HANDOFF_DEFERRED || (r->code >= 400 && r->code <= 499));
    MUST(t->refused == (r->outcome == HANDOFF_REFUSED));
    MUST(!r->unreachable || (r->outcome == HANDOFF_DEFERRED && !t->asked));
    MUST(!r->bad_address || (r->outcome == HANDOFF_FAILED && t->stage == AT_RCPT));
    size_t n = strnlen(r->reply, sizeof r->reply);
    MUST(n > 0 && n < sizeof r->reply);
    for (size_t i = 0; i < n; i++) MUST(r->reply[i] >= 0x20 && r->reply[i] < 0x7F);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct smtp_talk t = {0};
    struct handoff_result r;
    smtp_talk_begin(&t);
    for (Str rest = {(const char *)data, size}; rest.p;) {
        Str line = str_cut(&rest, '\n');
        if (line.n) play(&t, line);
        smtp_talk_judge(&t, "gone", &r);
        check(&t, &r);
    }
    return 0;
}
