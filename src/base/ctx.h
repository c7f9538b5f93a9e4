/* struct ctx: what one request or job carries through every call, always the first argument.
 *
 * It owns nothing: whoever starts the request makes the arena, opens the transaction and asks the clock. The fault
 * holds the explanation of the last failure; success never touches it. */
#ifndef BASE_CTX_H
#define BASE_CTX_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/phrase.h"
#include "base/rc.h"
#include "base/str.h"

struct tx;    /* store/db.h */
struct actor; /* account/actor.h */

/* Which customers the caller may see; the queries' @seen reads it. Zero: nobody's. */
struct view {
    bool all;
    int64_t user_id; /* those of this user's code … */
    int64_t team_id; /* … and of this team; 0 = none */
};

/* Why a call failed, in the language of whoever asked: lower case, no full stop, the object named; the hint is the remedy. Code and
 * field are never translated: programs read them. */
struct fault {
    enum rc code;
    char message[400];
    char plain[400]; /* the message in English, for logs */
    char field[64]; /* the parameter or column at fault, or empty */
    char hint[240]; /* what to do, or empty */
    int64_t line;      /* of the file being read, 0 = none; fail() clears it, the reader of the file sets it after */
};

struct ctx {
    struct arena *arena;
    struct tx *tx;
    int64_t company_id; /* the company in whose name all is done; leads every key */
    const char *actor;  /* who does it, for the timeline: "user:ana", "cli:root", "run" */
    const struct actor *who; /* the same with what they may do; NULL: nobody, may do nothing (actor_bind) */
    struct view view;
    Instant now;
    const char *lang;  /* "es", "en", "pt": the language of whoever asks */
    bool lang_unsaid;  /* nobody said which (a command or a program without one): lang is the company's, what fails is told in English */
    struct fault fault;
};

/* Record the explanation and return `code`; written `return fail(cx, INVALID, "…", …)` where the fault is found: in English, told in
 * the reader's language (phrase.h). */
enum rc fail(struct ctx *cx, enum rc code, SAYS const char *format, ...) PRINTF_LIKE(3, 4);
/* The same with the field at fault and the remedy (either may be NULL). */
enum rc fail_field(struct ctx *cx, enum rc code, const char *field, SAYS const char *hint, SAYS const char *format, ...)
    PRINTF_LIKE(5, 6);

/* One table: name in the JSON error ("INVALID"), HTTP status, exit status (interfaces.md section 1). */
const char *rc_name(enum rc code);
int rc_http_status(enum rc code);
int rc_exit_status(enum rc code);
/* Whether the same call may succeed later. */
bool rc_may_retry(enum rc code);

/* A broken promise of our own code: prints file, line and message to stderr and aborts. Stays in release builds. */
#define MUST(condition)                                                                                                \
    do {                                                                                                               \
        if (!(condition)) must_fail(__FILE__, __LINE__, #condition);                                                   \
    } while (0)
NORETURN void must_fail(const char *file, int line, const char *condition);

#endif
