/* The structured log: one line an event, logfmt on stderr, never a secret.
 *
 * Only action, work, web, cli and main log; everything below returns what it has to say. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/rc.h"

enum log_level { LOG_NOTHING, LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* "nothing", "error", "warn", "info" or "debug", as $ALDIA_LOG has it; false for anything else. */
bool log_level_parse(const char *text, enum log_level *out_level);
/* What is printed; LOG_WARN to begin with. */
void log_set_level(enum log_level level);
/* `event` is a stable snake_case name; the rest are key=value pairs already formatted: log_write(LOG_INFO,
 * "run_done", "sent=%d held=%d", …). Thread-safe, one write(2) a line. */
void log_write(enum log_level level, const char *event, const char *format, ...) PRINTF_LIKE(3, 4);

#endif
