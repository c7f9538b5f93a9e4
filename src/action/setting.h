/* Settings: what aldia.conf may say. Each is declared once, at the top level of the file that uses it:
 *
 *     const struct setting smtp_port_setting = {.name = "smtp_port", .type = SETTING_INT, .min = 1, .max = 65535,
 *         .fallback = "25", .group = "E-mail", .help = "Port of the mail server"};
 *
 * Secrets come from a file (NAME_file = path) or the environment (ALDIA_NAME), never from the configuration itself, and
 * are never printed. */
#ifndef ACTION_SETTING_H
#define ACTION_SETTING_H

#include "base/buf.h"
#include "base/ctx.h"

enum setting_type { SETTING_TEXT, SETTING_INT, SETTING_CHOICE, SETTING_SWITCH, SETTING_PATH, SETTING_SECRET };

struct setting {
    const char *name;
    enum setting_type type;
    const char *fallback; /* when not given; "" = none */
    const char *choices;  /* SETTING_CHOICE: "none|starttls|tls" */
    int64_t min, max;     /* SETTING_INT */
    const char *group;    /* heading in the written aldia.conf; a phrase (texts/help.txt) */
    const char *help;     /* one line; a phrase too */
};

extern const struct setting *const setting_index[];
extern const size_t setting_index_count;

#define SETTING_FROM_NOWHERE 0 /* the fallback */
#define SETTING_FROM_ENVIRONMENT (-1)

/* The values in force. */
struct settings {
    Str *values; /* by position in setting_index; checked, NUL-terminated */
    int *lines;  /* of the file, where each was given; SETTING_FROM_*: not there */
    const char *path;
};

/* Reads aldia.conf (a missing file means all fallbacks). INVALID names file, line, key and remedy; an unknown key is an
 * error. */
MUST_USE enum rc settings_load(struct ctx *cx, const char *path, struct settings *out_settings);
/* The commented file that `init` writes, its comments in the language of cx. */
void settings_template(const struct ctx *cx, struct buf *out);
/* The same file for a backup: lines that name a secret, or the file of one, are left out, commented ones too. */
void settings_without_secrets(Str conf, struct buf *out);
Str setting_text(const struct settings *s, const struct setting *which);
/* The line of aldia.conf it comes from, or SETTING_FROM_*. */
int setting_line(const struct settings *s, const struct setting *which);
int64_t setting_int(const struct settings *s, const struct setting *which);
bool setting_on(const struct settings *s, const struct setting *which);
/* NUL-terminated, NULL when empty. Lives as long as the settings. */
const char *setting_cstr(const struct settings *s, const struct setting *which);

#endif
