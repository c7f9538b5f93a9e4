/* logfmt lines on stderr. */
#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static _Atomic(enum log_level) threshold = LOG_WARN;

static const char *const names[] = {"nothing", "error", "warn", "info", "debug"};

bool log_level_parse(const char *text, enum log_level *out_level) {
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (strcmp(text, names[i]) != 0) continue;
        *out_level = (enum log_level)i;
        return true;
    }
    return false;
}

void log_set_level(enum log_level level) { threshold = level; }

void log_write(enum log_level level, const char *event, const char *format, ...) {
    if (level > threshold) return;
    char line[1024];
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    struct tm tm;
    gmtime_r(&t.tv_sec, &tm);
    size_t n = strftime(line, sizeof line, "ts=%Y-%m-%dT%H:%M:%SZ", &tm);
    n += (size_t)snprintf(line + n, sizeof line - n, " level=%s event=%s ", names[level], event);
    va_list args;
    va_start(args, format);
    int more = vsnprintf(line + n, sizeof line - n, format, args);
    va_end(args);
    if (more > 0) n += (size_t)more;
    if (n > sizeof line - 2) n = sizeof line - 2;
    for (size_t i = 0; i < n; i++)
        if (line[i] == '\n' || line[i] == '\r') line[i] = ' ';
    line[n++] = '\n';
    ssize_t ignored = write(STDERR_FILENO, line, n);
    (void)ignored;
}
