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

PRINTF_LIKE(5, 0)
static void fault_set(struct ctx *cx, enum rc code, const char *field, const char *hint, const char *format,
                      va_list args) {
    struct fault *f = &cx->fault;
    f->code = code;
    f->line = 0;
    vsnprintf(f->message, sizeof f->message, format, args);
    snprintf(f->field, sizeof f->field, "%s", field ? field : "");
    snprintf(f->hint, sizeof f->hint, "%s", hint ? hint : "");
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
