/* Faults and the one table of codes. */
#include "base/ctx.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
    const char *name;
    int http, exit;
    bool retry;
} codes[] = {
    [OK] = {"OK", 200, 0, false},
    [INVALID] = {"INVALID", 422, 65, false},
    [NOT_FOUND] = {"NOT_FOUND", 404, 66, false},
    [CONFLICT] = {"CONFLICT", 409, 75, false},
    [DENIED] = {"DENIED", 403, 77, false},
    [BUSY] = {"BUSY", 503, 75, true},
    [REMOTE] = {"REMOTE", 502, 69, true},
    [INTERNAL] = {"INTERNAL", 500, 70, false},
};

const char *rc_name(enum rc code) { return codes[code].name; }
int rc_http_status(enum rc code) { return codes[code].http; }
int rc_exit_status(enum rc code) { return codes[code].exit; }
bool rc_may_retry(enum rc code) { return codes[code].retry; }

/* A message that did not fit ends with a whole character. */
static void cut_whole(char *text, size_t room, int wanted) {
    if (wanted < 0 || (size_t)wanted < room) return;
    size_t n = room - 1;
    while (n > 0 && ((unsigned char)text[n - 1] & 0xc0) == 0x80) n--;
    if (n > 0 && (unsigned char)text[n - 1] >= 0xc0) n--;
    text[n] = '\0';
}

PRINTF_LIKE(5, 0)
static void fault_set(struct ctx *cx, enum rc code, const char *field, const char *hint, const char *format,
                      va_list args) {
    struct fault *f = &cx->fault;
    va_list again;
    va_copy(again, args);
    f->code = code;
    f->line = 0;
    cut_whole(f->plain, sizeof f->plain, vsnprintf(f->plain, sizeof f->plain, format, args));
    cut_whole(f->message, sizeof f->message, vsnprintf(f->message, sizeof f->message, phrase(cx, format), again));
    va_end(again);
    snprintf(f->field, sizeof f->field, "%s", field ? field : "");
    cut_whole(f->hint, sizeof f->hint, snprintf(f->hint, sizeof f->hint, "%s", hint ? phrase(cx, hint) : ""));
}

enum rc fail(struct ctx *cx, enum rc code, const char *format, ...) {
    va_list args;
    va_start(args, format);
    fault_set(cx, code, NULL, NULL, format, args);
    va_end(args);
    return code;
}

enum rc fail_field(struct ctx *cx, enum rc code, const char *field, const char *hint, const char *format, ...) {
    va_list args;
    va_start(args, format);
    fault_set(cx, code, field, hint, format, args);
    va_end(args);
    return code;
}

void must_fail(const char *file, int line, const char *condition) {
    fprintf(stderr, "aldia: %s:%d: broken promise: %s\n", file, line, condition);
    abort();
}
