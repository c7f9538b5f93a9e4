/* See smtp_talk.h. The one idea: only a reply that can be read, to a command we know, decides; all else is decided by
 * how far the body got, and once the dot may be out nothing but a readable 4xx or 5xx says that the message was not
 * taken. */
#include "channel/smtp_talk.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Far more than any server's EHLO. */
enum { MAX_REPLY_LINES = 200 };

const char *smtp_stage_name(enum smtp_stage stage) {
    static const char *const names[] = {
        [AT_CONNECT] = "connecting", [AT_EHLO] = "EHLO", [AT_STARTTLS] = "STARTTLS", [AT_AUTH] = "AUTH",
        [AT_MAIL] = "MAIL",          [AT_RCPT] = "RCPT", [AT_DATA] = "DATA",         [AT_BODY] = "the message",
    };
    MUST((size_t)stage < COUNT_OF(names));
    return names[stage];
}

static void expect_reply(struct smtp_talk *t, enum smtp_stage stage) {
    t->stage = stage;
    t->code = 0;
    t->complete = t->unreadable = false;
    t->lines = 0;
    t->text_n = 0;
    t->text[0] = '\0';
}

void smtp_talk_begin(struct smtp_talk *t) {
    bool authenticated = t->authenticated;
    *t = (struct smtp_talk){.authenticated = authenticated};
}

void smtp_talk_body(struct smtp_talk *t) { expect_reply(t, AT_BODY); }
void smtp_talk_no_auth(struct smtp_talk *t) { expect_reply(t, AT_AUTH); }

/* The stage a command opens; false when it is none of ours. */
static bool stage_of(Str line, enum smtp_stage now, enum smtp_stage *out_stage) {
    static const struct {
        Str verb;
        enum smtp_stage stage;
    } verbs[] = {
        {{"EHLO ", 5}, AT_EHLO}, {{"HELO ", 5}, AT_EHLO},       {{"STARTTLS", 8}, AT_STARTTLS},
        {{"AUTH ", 5}, AT_AUTH}, {{"MAIL FROM:", 10}, AT_MAIL}, {{"RCPT TO:", 8}, AT_RCPT},
    };
    if (str_equal(line, S("DATA"))) {
        *out_stage = AT_DATA;
        return now == AT_RCPT;
    }
    for (size_t i = 0; i < COUNT_OF(verbs); i++) {
        if (!str_starts(line, verbs[i].verb)) continue;
        *out_stage = verbs[i].stage;
        return true;
    }
    return false;
}

void smtp_talk_command(struct smtp_talk *t, Str line) {
    line = str_trim(line);
    if (t->over || t->stage == AT_BODY) return;
    /* After 334 a line is an answer within AUTH, whatever it looks like. */
    if (t->complete && t->code == 334) return;
    if (str_is(line, "QUIT")) {
        t->over = true;
        return;
    }
    enum smtp_stage stage;
    if (!stage_of(line, t->stage, &stage)) return;
    expect_reply(t, stage);
    if (stage == AT_EHLO) t->authenticated = false;
}

/* The server's words are shown to people and stored: one line, nothing but printable ASCII. */
static void add_text(struct smtp_talk *t, Str text) {
    if (t->lines > 1 && t->text_n + 1 < sizeof t->text) t->text[t->text_n++] = ' ';
    for (size_t i = 0; i < text.n && t->text_n + 1 < sizeof t->text; i++) {
        unsigned char c = (unsigned char)text.p[i];
        t->text[t->text_n++] = c >= 0x20 && c < 0x7F ? (char)c : '?';
    }
    t->text[t->text_n] = '\0';
}

static bool read_code(Str line, int *out_code) {
    if (line.n < 3) return false;
    int code = 0;
    for (size_t i = 0; i < 3; i++) {
        if (!isdigit((unsigned char)line.p[i])) return false;
        code = code * 10 + (line.p[i] - '0');
    }
    *out_code = code;
    return code >= 200 && code <= 599 && (line.n == 3 || line.p[3] == ' ' || line.p[3] == '-');
}

bool smtp_talk_reply(struct smtp_talk *t, Str line) {
    if (t->over) return true;
    line = str_trim(line);
    /* A further reply to the same command: the continuations of AUTH, and the greeting of a second attempt to connect.
     */
    if (t->complete) expect_reply(t, t->stage);
    int code = 0;
    bool readable = read_code(line, &code) && (t->lines == 0 || code == t->code);
    t->lines++;
    add_text(t, t->lines > 1 && readable && line.n > 4 ? (Str){line.p + 4, line.n - 4} : line);
    if (!readable || t->lines > MAX_REPLY_LINES) {
        t->unreadable = true;
        t->code = 0;
        return false;
    }
    t->code = code;
    t->complete = line.n == 3 || line.p[3] == ' ';
    if (t->complete && t->stage == AT_CONNECT) t->authenticated = false;
    if (t->complete && t->stage == AT_AUTH && code == 235) t->authenticated = true;
    return true;
}

/* The leading digit of a reply that counts, or 0. */
static int verdict(const struct smtp_talk *t) { return t->complete && !t->unreadable ? t->code / 100 : 0; }

/* RULE: domain.md 4; interfaces.md 7, "Outcomes". */
static enum handoff_outcome outcome_of(const struct smtp_talk *t) {
    int digit = verdict(t);
    if (t->refused) return HANDOFF_REFUSED;
    if (t->dot_out) {
        if (digit == 2) return HANDOFF_SENT;
        return digit == 4 ? HANDOFF_DEFERRED : digit == 5 ? HANDOFF_FAILED : HANDOFF_AMBIGUOUS;
    }
    if (t->stage < AT_MAIL) return HANDOFF_DEFERRED;
    return digit == 4 ? HANDOFF_DEFERRED : digit == 5 ? HANDOFF_FAILED : HANDOFF_NOT_SENT;
}

void smtp_talk_judge(const struct smtp_talk *t, const char *error, struct handoff_result *out_result) {
    struct handoff_result r = {.outcome = outcome_of(t)};
    if (verdict(t) >= 4 || r.outcome == HANDOFF_SENT) r.code = t->code;
    r.unreachable = r.outcome == HANDOFF_DEFERRED && t->stage < AT_MAIL;
    r.bad_address = r.outcome == HANDOFF_FAILED && t->stage == AT_RCPT;
    /* 530 asks for AUTH or STARTTLS (RFC 4954, RFC 3207): the channel is at fault, not this message. */
    if (r.outcome == HANDOFF_FAILED && r.code == 530 && t->stage < AT_BODY) {
        r.outcome = HANDOFF_DEFERRED;
        r.unreachable = true;
        r.bad_address = false;
    }
    if (t->refused)
        snprintf(r.reply, sizeof r.reply, "refused before anything was sent");
    else if (r.code)
        snprintf(r.reply, sizeof r.reply, "%s", t->text);
    else
        snprintf(r.reply, sizeof r.reply, "%s: %s%s%.100s",
                 t->dot_out ? "after the final dot" : smtp_stage_name(t->stage), error,
                 t->text_n ? ", last heard: " : "", t->text);
    *out_result = r;
}
