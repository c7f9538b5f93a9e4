/* aldia.conf: `key = value` lines with # comments. */
#include "action/setting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

#define MAX_CONF ((size_t)256 * 1024)

static size_t position_of(const struct setting *which) {
    for (size_t i = 0; i < setting_index_count; i++)
        if (setting_index[i] == which) return i;
    must_fail(which->name, 0, "setting is not in the index");
}

/* Where a complaint points. */
struct place {
    const char *path;
    int line;
};

static enum rc refuse(struct ctx *cx, struct place at, const char *key, SAYS const char *hint,
                      SAYS const char *what) {
    return fail_field(cx, INVALID, key, hint, "%s:%d: %s", at.path, at.line, phrase(cx, what));
}

static enum rc check(struct ctx *cx, struct place at, const struct setting *s, Str value) {
    int64_t number;
    char hint[120];
    switch (s->type) {
    case SETTING_INT:
        if (str_to_i64(value, &number) && number >= s->min && number <= s->max) return OK;
        snprintf(hint, sizeof hint, phrase(cx, "write a whole number from %lld to %lld"), (long long)s->min, (long long)s->max);
        return refuse(cx, at, s->name, hint, "not a number in range");
    case SETTING_SWITCH:
        if (str_is(value, "on") || str_is(value, "off")) return OK;
        return refuse(cx, at, s->name, "write on or off", "neither on nor off");
    case SETTING_CHOICE:
        for (Str rest = str_from(s->choices); rest.p;)
            if (str_equal(str_cut(&rest, '|'), value)) return OK;
        snprintf(hint, sizeof hint, phrase(cx, "choose one of %s"), s->choices);
        return refuse(cx, at, s->name, hint, "not one of the choices");
    case SETTING_SECRET:
        return refuse(cx, at, s->name, "put it in a file of its own and name that", "a secret does not belong here");
    case SETTING_TEXT:
    case SETTING_PATH: break;
    }
    if (str_has_control(value)) return refuse(cx, at, s->name, NULL, "control characters are not allowed");
    return OK;
}

/* NAME_file = path names the file that holds the secret NAME. */
static const struct setting *secret_of(Str key) {
    for (size_t i = 0; i < setting_index_count; i++) {
        Str name = str_from(setting_index[i]->name);
        if (setting_index[i]->type == SETTING_SECRET && str_starts(key, name) &&
            str_is((Str){key.p + name.n, key.n - name.n}, "_file"))
            return setting_index[i];
    }
    return NULL;
}

static enum rc read_secret(struct ctx *cx, struct place at, const struct setting *s, Str file, Str *out) {
    Str text;
    if (file_read(cx, arena_cstr(cx->arena, file), 65536, &text) != OK) {
        char reason[300];
        snprintf(reason, sizeof reason, "%.290s", cx->fault.message);
        return refuse(cx, at, s->name, "check the path and who may read it", reason);
    }
    *out = arena_str(cx->arena, str_trim(text));
    return OK;
}

static enum rc read_line(struct ctx *cx, struct place at, Str line, struct settings *s) {
    Str trimmed = str_trim(line);
    if (trimmed.n == 0 || trimmed.p[0] == '#') return OK;
    if (str_index(trimmed, '=') == trimmed.n)
        return refuse(cx, at, "", "write key = value", "there is no = in this line");
    Str value = trimmed, key = str_trim(str_cut(&value, '='));
    value = str_trim(value);
    const struct setting *secret = secret_of(key);
    if (secret) {
        if (value.n == 0) return OK;
        s->lines[position_of(secret)] = at.line;
        return read_secret(cx, at, secret, value, &s->values[position_of(secret)]);
    }
    for (size_t i = 0; i < setting_index_count; i++) {
        if (!str_is(key, setting_index[i]->name)) continue;
        if (value.n == 0) return OK;
        TRY(check(cx, at, setting_index[i], value));
        s->values[i] = arena_str(cx->arena, value);
        s->lines[i] = at.line;
        return OK;
    }
    char what[120], name[64];
    snprintf(name, sizeof name, "%.*s", (int)(key.n < 60 ? key.n : 60), key.p);
    snprintf(what, sizeof what, phrase(cx, "there is no setting %s"), name);
    return refuse(cx, at, name, "aldia help settings lists them all", what);
}

/* ALDIA_SMTP_PASSWORD and the like. */
static void secrets_from_environment(struct ctx *cx, struct settings *s) {
    for (size_t i = 0; i < setting_index_count; i++) {
        if (setting_index[i]->type != SETTING_SECRET) continue;
        char name[80];
        snprintf(name, sizeof name, "ALDIA_%s", setting_index[i]->name);
        for (char *c = name; *c; c++)
            if (*c >= 'a' && *c <= 'z') *c = (char)(*c - ('a' - 'A'));
        const char *given = getenv(name);
        if (!given || !*given) continue;
        s->values[i] = arena_str(cx->arena, str_from(given));
        s->lines[i] = SETTING_FROM_ENVIRONMENT;
    }
}

enum rc settings_load(struct ctx *cx, const char *path, struct settings *out) {
    struct settings s = {.values = ARENA_ARRAY(cx->arena, Str, setting_index_count + 1),
                         .lines = ARENA_ARRAY(cx->arena, int, setting_index_count + 1),
                         .path = path};
    for (size_t i = 0; i < setting_index_count; i++) s.values[i] = str_from(setting_index[i]->fallback);
    Str text = {NULL, 0};
    enum rc rc = file_read(cx, path, MAX_CONF, &text);
    if (rc != OK && rc != NOT_FOUND) return rc;
    for (struct place at = {path, 1}; text.p; at.line++) TRY(read_line(cx, at, str_cut(&text, '\n'), &s));
    secrets_from_environment(cx, &s);
    *out = s;
    return OK;
}

static void template_line(const struct ctx *cx, struct buf *out, const struct setting *s) {
    buf_printf(out, "\n# %s", phrase(cx, s->help));
    if (s->choices) buf_printf(out, " (%s)", s->choices);
    buf_printf(out, "\n#%s%s = %s\n", s->name, s->type == SETTING_SECRET ? "_file" : "", s->fallback);
}

void settings_template(const struct ctx *cx, struct buf *out) {
    buf_printf(out, "# %s\n", phrase(cx, "aldia.conf: key = value. What is commented out shows the value in force without it."));
    for (size_t i = 0; i < setting_index_count; i++) {
        const char *group = setting_index[i]->group;
        bool done = false;
        for (size_t k = 0; k < i && !done; k++) done = strcmp(setting_index[k]->group, group) == 0;
        if (done) continue;
        buf_printf(out, "\n# --- %s ---\n", phrase(cx, group));
        for (size_t k = i; k < setting_index_count; k++)
            if (strcmp(setting_index[k]->group, group) == 0) template_line(cx, out, setting_index[k]);
    }
}

static bool names_secret(Str line) {
    line = str_trim(line);
    while (line.n && line.p[0] == '#') line = str_trim((Str){line.p + 1, line.n - 1});
    Str key = str_trim(str_cut(&line, '='));
    if (!line.p) return false;
    if (secret_of(key)) return true;
    for (size_t i = 0; i < setting_index_count; i++)
        if (setting_index[i]->type == SETTING_SECRET && str_equal_nocase(key, str_from(setting_index[i]->name)))
            return true;
    return false;
}

void settings_without_secrets(Str conf, struct buf *out) {
    while (conf.p) {
        Str line = str_cut(&conf, '\n');
        if (names_secret(line))
            buf_add(out, S("# (a secret stood here; backups carry none)"));
        else
            buf_add(out, line);
        if (conf.p) buf_add_char(out, '\n');
    }
}

Str setting_text(const struct settings *s, const struct setting *which) { return s->values[position_of(which)]; }

int setting_line(const struct settings *s, const struct setting *which) { return s->lines[position_of(which)]; }

int64_t setting_int(const struct settings *s, const struct setting *which) {
    int64_t value = 0;
    MUST(str_to_i64(setting_text(s, which), &value));
    return value;
}

bool setting_on(const struct settings *s, const struct setting *which) { return str_is(setting_text(s, which), "on"); }

const char *setting_cstr(const struct settings *s, const struct setting *which) {
    Str text = setting_text(s, which);
    return text.n ? text.p : NULL;
}
