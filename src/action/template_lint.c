/* aldia template lint: files on disk, or the library in force. */
#include "action/template_lint.h"

#include <stdio.h>
#include <string.h>

#include "action/app.h"
#include "base/embed.h"
#include "base/file.h"
#include "strategy/contact_rules.h"

#define MAX_RULES 64
#define MAX_FILE ((size_t)1 << 20)

/* ---- rules ---- */

struct rules {
    struct lint_rule items[MAX_RULES];
    size_t count;
};

static void add_rules(struct ctx *cx, const struct rule_pack *pack, Str country, bool is_person, struct rules *out) {
    struct contact_text texts[MAX_RULES];
    struct customer customer = {.country = country, .is_person = is_person};
    size_t n = contact_rules_texts(pack, &customer, country, cx->now, texts, MAX_RULES);
    for (size_t i = 0; i < n && i < MAX_RULES && out->count < MAX_RULES; i++) {
        bool known = false;
        for (size_t k = 0; k < out->count && !known; k++)
            known = str_equal(out->items[k].id, texts[i].rule) && str_equal(out->items[k].text, texts[i].text);
        if (known) continue;
        out->items[out->count++] = (struct lint_rule){.id = texts[i].rule,
                                                      .kind = texts[i].kind,
                                                      .text = texts[i].text,
                                                      .required = texts[i].required,
                                                      .phrases = texts[i].phrases,
                                                      .phrase_count = texts[i].phrase_count};
    }
}

/* A text may reach persons and companies: what holds for either is looked at. */
static enum rc load_rules(struct ctx *cx, struct app *app, Str country, struct rules *out) {
    const struct rule_pack *pack;
    TRY(app_rules(cx, app, &pack));
    out->count = 0;
    add_rules(cx, pack, country, true, out);
    add_rules(cx, pack, country, false, out);
    return OK;
}

/* What every text is held against. */
struct measures {
    const struct lint_words *words;
    const struct message_library *library;
    struct rules rules;
    Str country;
};

static enum rc take_measures(struct ctx *cx, struct app *app, Str country, const struct measures **out_measures) {
    struct measures *m = ARENA_NEW(cx->arena, struct measures);
    m->country = country.n ? country : app->company.country;
    TRY(lint_words_load(cx, &m->words));
    TRY(app_library(cx, app, &m->library));
    TRY(load_rules(cx, app, m->country, &m->rules));
    *out_measures = m;
    return OK;
}

static void hold_against(struct ctx *cx, const struct measures *m, const struct lint_source *text,
                         struct lint_findings *findings) {
    struct lint_source source = *text;
    source.country = m->country;
    source.rules = m->rules.items;
    source.rule_count = m->rules.count;
    lint_text(cx, m->words, m->library, &source, findings);
}

enum rc template_lint(struct ctx *cx, struct app *app, Str path, const char *file, Str text, Str country,
                      struct lint_findings *findings) {
    const struct measures *m;
    TRY(take_measures(cx, app, country, &m));
    hold_against(cx, m, &(struct lint_source){.path = path, .file = file, .text = text}, findings);
    return OK;
}

/* ---- telling ---- */

enum rc template_lint_refuse(struct ctx *cx, const struct lint_findings *findings, const char *field) {
    const struct lint_words *words;
    TRY(lint_words_load(cx, &words));
    for (size_t i = 0; i < findings->count; i++) {
        const struct lint_finding *f = &findings->items[i];
        if (!lint_checks[f->check].is_error) continue;
        Str remedy = lint_remedy(words, cx->lang, f->check), found = lint_found(words, cx->lang, f->check);
        const char *hint = arena_cstr(cx->arena, remedy);
        return fail_field(cx, INVALID, field, hint, "%.*s:%d: %.*s%s%.*s", STR_ARG(f->file), f->line,
                          STR_ARG(found), f->quoted.n || f->detail.n ? ": " : "",
                          STR_ARG(f->detail.n ? f->detail : f->quoted));
    }
    return OK;
}

static void put_finding(struct json_writer *w, const struct lint_words *words, const char *language,
                        const struct lint_finding *f) {
    const struct lint_check_info *check = &lint_checks[f->check];
    json_object(w);
    json_put_str(w, "file", f->file);
    json_put_i64(w, "line", f->line);
    json_put_str(w, "id", str_from(check->id));
    json_put_i64(w, "principle", check->principle);
    json_put_str(w, "severity", check->is_error ? S("error") : S("warning"));
    json_put_str(w, "rule", f->rule);
    json_put_str(w, "quoted", f->quoted);
    json_put_str(w, "found", lint_found(words, language, f->check));
    json_put_str(w, "remedy", lint_remedy(words, language, f->check));
    json_put_str(w, "detail", f->detail);
    json_object_end(w);
}

enum rc put_findings(struct ctx *cx, struct json_writer *w, const char *key, const struct lint_findings *findings) {
    const struct lint_words *words;
    TRY(lint_words_load(cx, &words));
    json_key(w, key);
    json_array(w);
    for (size_t i = 0; i < findings->count; i++) put_finding(w, words, cx->lang, &findings->items[i]);
    json_array_end(w);
    return OK;
}

/* ---- the command ---- */

struct sources {
    struct lint_source *items;
    size_t count, capacity;
};

/* The end of a path on disk that is a place in the library: "es/claim/firm-a.txt", "es/phrases.txt", "layout.html". */
Str template_place(Str path) {
    size_t starts[3], n = 0;
    for (size_t i = path.n; i > 0 && n < 3; i--)
        if (path.p[i - 1] == '/') starts[n++] = i;
    if (n < 3) starts[n++] = 0;
    for (size_t k = n; k > 1; k--) {
        Str tail = {path.p + starts[k - 1], path.n - starts[k - 1]};
        if (str_index(tail, '/') == 2) return tail; /* begins with a language */
    }
    return (Str){path.p + starts[0], path.n - starts[0]};
}

static enum rc take_files(struct ctx *cx, const struct call *call, struct sources *sources) {
    for (size_t i = 0; i < arg_count(call, "file"); i++) {
        const char *file = arena_cstr(cx->arena, arg_nth(call, "file", i));
        Str text;
        TRY(file_read(cx, file, MAX_FILE, &text));
        *VEC_PUSH(cx->arena, sources) =
            (struct lint_source){.path = template_place(str_from(file)), .file = file, .text = text};
    }
    return OK;
}

static void take_shipped(struct ctx *cx, struct sources *sources) {
    for (size_t i = 0; i < embedded_file_count; i++) {
        Str name = str_from(embedded_files[i].name);
        if (!str_starts(name, S("messages/")) || str_ends(name, S(".md"))) continue;
        Str place = {name.p + 9, name.n - 9};
        if (str_is(place, "styles.txt")) continue;
        *VEC_PUSH(cx->arena, sources) =
            (struct lint_source){.path = place, .file = embedded_files[i].name, .text = embedded_files[i].bytes};
    }
}

static void put_result(struct json_writer *w, const struct sources *sources, const struct lint_findings *findings) {
    int64_t errors = 0;
    for (size_t i = 0; i < findings->count; i++) errors += lint_checks[findings->items[i].check].is_error;
    json_put_i64(w, "files", (int64_t)sources->count);
    json_put_i64(w, "errors", errors);
    json_put_i64(w, "warnings", (int64_t)findings->count - errors);
}

static enum rc lint_run(struct ctx *cx, struct call *call) {
    struct sources sources = {0};
    struct lint_findings findings = {0};
    TRY(take_files(cx, call, &sources));
    if (sources.count == 0) take_shipped(cx, &sources);
    const struct measures *m;
    TRY(take_measures(cx, call->app, arg_text(call, "country"), &m));
    for (size_t i = 0; i < sources.count; i++) hold_against(cx, m, &sources.items[i], &findings);
    lint_variants(cx, sources.items, sources.count, &findings);
    json_object(call->out);
    TRY(put_findings(cx, call->out, "items", &findings));
    put_result(call->out, &sources, &findings);
    json_object_end(call->out);
    if (lint_has_errors(&findings)) call->exit_status = rc_exit_status(INVALID);
    return OK;
}

const struct action template_lint_action = {
    .verb = "template lint",
    .path = "GET /templates/lint",
    .summary = "Look for faults in texts: what is missing, what must not be said, what a channel cannot carry",
    .details =
        "Without FILE the shipped library is looked at. A file's place in the library is the end of its path, like "
        "es/claim/firm-a.txt. Exits 65 when there are errors; docs/ref/linter.md explains each.",
    .needs = CAP_MESSAGE_READ,
    .tx = TX_READ,
    .params = PARAMS({"file", P_FILE, REPEATED | POSITIONAL, "texts to look at", NULL},
                     {"country", P_TEXT, OPTIONAL, "whose rules apply; the company's", NULL}),
    .run = lint_run,
    .columns = "file line id quoted found remedy",
};
