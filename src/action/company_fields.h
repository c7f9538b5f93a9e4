/* What can be set of a company, shared by setting it and by looking at what that would do. */
#ifndef ACTION_COMPANY_FIELDS_H
#define ACTION_COMPANY_FIELDS_H

#include "action/action.h"

#define COMPANY_FIELDS                                                                                                                  \
    {"name", P_TEXT, OPTIONAL, "name of the company", NULL}, {"tax-id", P_TEXT, OPTIONAL | CLEARABLE, "tax number", NULL},                \
        {"address", P_TEXT, OPTIONAL | CLEARABLE | MULTILINE, "postal address", NULL},                                                   \
        {"person-name", P_TEXT, OPTIONAL | CLEARABLE, "whom debtors may ask", NULL},                                                     \
        {"person-phone", P_TEXT, OPTIONAL | CLEARABLE, "that person's telephone", NULL},                                                 \
        {"person-email", P_TEXT, OPTIONAL | CLEARABLE, "that person's e-mail", NULL},                                                    \
        {"person-hours", P_TEXT, OPTIONAL | CLEARABLE, "when that person can be reached", NULL},                                         \
        {"ways-to-pay", P_TEXT, OPTIONAL | CLEARABLE | MULTILINE, "bank, account, holder; one way a line", NULL}, {                      \
        "run-at", P_TEXT, OPTIONAL, "time of the daily run, 09:00", NULL                                                                 \
    }

/* "HH:MM" as a minute of the day; INVALID names the field. */
MUST_USE enum rc company_read_run_at(struct ctx *cx, Str text, int64_t *out_minute);
/* "\n" typed as two characters makes a line: the shell's lines are hard to type, and control characters are refused. */
Str company_lines(struct arena *arena, Str text);

#endif
