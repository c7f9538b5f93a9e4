/* The wire: signed POSTs to addresses that anybody may have typed, several at a time, without ever reaching what only this machine
 * can reach.
 *
 * Which address a name stands for is looked at when the connection is made, on the very address the socket is made for: a name
 * that changes between two looks gains nothing. No proxy, no redirect, no netrc, no cookie; at most 64 KiB of an answer, 32 KiB of
 * headers, 5 s to connect and 15 s in all. Belongs to one thread. */
#ifndef HOOK_HOOK_WIRE_H
#define HOOK_HOOK_WIRE_H

#include "base/ctx.h"

struct hook_rules {
    bool plain;        /* http:// too */
    Str allowed;       /* addresses, networks and host names that may be private, by commas */
    bool only_loopback; /* a rehearsal's clock: nothing leaves this machine */
    const char *ca_file; /* NULL: the system's */
    const char *resolve; /* for tests: "name:port:address" answers for the DNS; NULL */
};
/* INVALID names what is neither address, network nor host name. */
MUST_USE enum rc hook_rules_check(struct ctx *cx, const struct hook_rules *rules);

/* "https://host[:port]/path?query", without user, password or fragment; "http://…" where the rules have it; an address instead of a
 * name must be one that may be reached. INVALID. What a name stands for is looked at when connecting. */
MUST_USE enum rc hook_url_check(struct ctx *cx, const struct hook_rules *rules, const char *url);

/* One attempt. The texts must live until it is done. */
struct hook_post {
    const char *url;
    Str body;
    const char *id, *event, *signature; /* values of the headers Aldia-Delivery, Aldia-Event, Aldia-Signature */
    void *self;                         /* the caller's */
    /* When done: */
    int status;       /* 0: no answer */
    char answer[200]; /* why not, or how the answer began, as plain UTF-8 in one line */
    int64_t duration_ms;
};

struct hook_wire;
MUST_USE enum rc hook_wire_open(struct ctx *cx, const struct hook_rules *rules, struct hook_wire **out_wire);
/* What is under way is cut off; `posts` of it are not touched any more. */
void hook_wire_close(struct hook_wire *wire);
void hook_wire_release(struct hook_wire **wire); /* for AUTO */
/* Begins; what cannot even begin is done at once, with status 0. */
void hook_wire_send(struct hook_wire *wire, struct hook_post *post);
size_t hook_wire_busy(const struct hook_wire *wire);
/* Works for up to `wait_ms`, less when something is done. */
void hook_wire_work(struct hook_wire *wire, int wait_ms);
/* The next that is done; NULL: none. */
struct hook_post *hook_wire_done(struct hook_wire *wire);

/* "t=1771340400,v1=HEX[,v1=HEX]": HMAC-SHA-256 of "t.body" under the secret, and under the one before while it is good (old.p NULL:
 * none). In the arena. */
const char *hook_signature(struct arena *arena, Str secret, Str old, Instant at, Str body);

#endif
