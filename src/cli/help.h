/* Help from the declarations: usage, the manual page, shell completion. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <stdio.h>

#include "action/action.h"

/* In the language of cx (phrase()), as all here but help_actions. */
void help_overview(const struct ctx *cx, FILE *out);
void help_action(const struct ctx *cx, FILE *out, const struct action *action);
/* Every declaration as JSON. */
void help_actions(FILE *out);
/* `aldia help [VERB… | actions | settings | man | completion]`. Returns the exit status. */
int help_command(const struct ctx *cx, int argc, char **argv);
/* An unknown verb: says so, with the closest one. Returns 64. */
int help_unknown(const struct ctx *cx, const char *word, const char *next);

#endif
