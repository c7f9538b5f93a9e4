/* The company's texts: which there are, one of them, a new version, back to the shipped one (REQ: D6).
 *
 * A text is taken only when the linter finds no error in it and the whole library still holds together. What was handed
 * over is kept byte by byte elsewhere and no business of these. */
#include <string.h>

#include "action/action.h"
#include "action/app.h"
#include "action/lookup.h"
#include "action/paging.h"
#include "action/template_lint.h"
#include "action/template_preview.h"
#include "action/template_store.h"
#include "action/person.h"
#include "base/file.h"
#include "template_sql.h"

#define MAX_FILE ((size_t)1 << 20)

/* ---- list ---- */

static Str reader_of(struct ctx *cx, const struct wording_info *info) {
    const Str parts[] = {info->country, info->sector, info->profile};
    Str all = S("");
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (parts[i].n) all = arena_printf(cx->arena, "%.*s%s%.*s", STR_ARG(all), all.n ? " " : "", STR_ARG(parts[i]));
    return all;
}

static bool is_wanted(const struct call *call, const struct wording_info *info) {
    const struct {
        const char *param;
        Str value;
    } filters[] = {{"language", info->language},
                   {"kind", info->kind},
                   {"form", str_from(message_form_name(info->form))},
                   {"tone", str_from(tone_name(info->tone))}};
    for (size_t i = 0; i < COUNT_OF(filters); i++)
        if (arg_has(call, filters[i].param) && !str_equal(arg_text(call, filters[i].param), filters[i].value))
            return false;
    return !arg_flag(call, "own") || !info->is_shipped;
}

static enum rc list_run(struct ctx *cx, struct call *call) {
    const struct message_library *l;
    struct json_writer *w = call->out;
    struct page page;
    TRY(page_begin_named(cx, call, false, &page));
    TRY(app_library(cx, call->app, &l));
    items_begin(w);
    for (size_t i = 0; i < message_wording_count(l); i++) {
        struct wording_info info = message_wording_at(l, i);
        if (!is_wanted(call, &info) || page_skips(&page, info.path)) continue;
        if (!page_takes_named(&page, S(""), info.path)) break;
        enum template_origin origin = info.is_shipped   ? TEMPLATE_SHIPPED
                                      : info.is_company ? TEMPLATE_COMPANY
                                                        : TEMPLATE_FOLDER;
        json_object(w);
        json_put_str(w, "path", info.path);
        json_put_str(w, "language", info.language);
        json_put_str(w, "kind", info.kind);
        json_put_str(w, "form", str_from(message_form_name(info.form)));
        json_put_str(w, "tone", str_from(tone_name(info.tone)));
        json_put_str(w, "variant", info.variant);
        json_put_str(w, "reader", reader_of(cx, &info));
        json_put_str(w, "origin", str_from(template_origin_name(origin)));
        json_object_end(w);
    }
    page_end(w, &page);
    return page_met(cx, &page);
}

#define FORMS "email|sms|whatsapp|voice|voicemail|letter|call"
#define TONES "friendly|concern|firm"

const struct action template_list_action = {
    .verb = "template list",
    .path = "GET /templates",
    .summary = "List the texts of messages and where each comes from",
    .details = "Phrases, terms and layouts are files of the library too, but no wordings: template show prints them.",
    .needs = CAP_MESSAGE_READ,
    .tx = TX_READ,
    .params = PARAMS({"language", P_CHOICE, OPTIONAL, "only this language", "es|en|pt"},
                     {"kind", P_TEXT, OPTIONAL, "only this kind: claim, due_soon …", NULL},
                     {"form", P_CHOICE, OPTIONAL, "only this form", FORMS},
                     {"tone", P_CHOICE, OPTIONAL, "only this tone", TONES},
                     {"own", P_FLAG, OPTIONAL, "only the company's own", NULL}, PAGE_PARAMS_NAMED),
    .run = list_run,
    .view = "template_list",
    .columns = "path kind form tone variant reader origin",
};

/* ---- show ---- */

/* What a wording is, so that it can be tried on a customer; nothing for phrases and layouts. */
static enum rc put_wording(struct ctx *cx, struct call *call, Str path) {
    const struct message_library *l;
    TRY(app_library(cx, call->app, &l));
    for (size_t i = 0; i < message_wording_count(l); i++) {
        struct wording_info info = message_wording_at(l, i);
        if (!str_equal(info.path, path)) continue;
        json_key(call->out, "wording");
        json_object(call->out);
        json_put_str(call->out, "language", info.language);
        json_put_str(call->out, "kind", info.kind);
        json_put_str(call->out, "form", str_from(message_form_name(info.form)));
        json_put_str(call->out, "tone", str_from(tone_name(info.tone)));
        json_put_str(call->out, "variant", info.variant);
        json_object_end(call->out);
        break;
    }
    return OK;
}

static enum rc put_text(struct ctx *cx, struct call *call, Str path, const struct template_text *t) {
    json_object(call->out);
    json_put_str(call->out, "path", path);
    TRY(put_wording(cx, call, path));
    json_put_str(call->out, "origin", str_from(template_origin_name(t->origin)));
    json_put_i64(call->out, "version", t->version);
    json_put_str(call->out, "text", t->text);
    json_object_end(call->out);
    return OK;
}

static enum rc show_run(struct ctx *cx, struct call *call) {
    Str path = template_place(arg_text(call, "path"));
    struct template_text t;
    if (arg_has(call, "version")) {
        struct message_override_version_params p = {.path = path, .version = arg_int(call, "version", 0)};
        struct message_override_get_row row;
        bool found;
        TRY(message_override_version(cx, &p, &row, &found));
        if (!found || row.is_reset)
            return fail_field(cx, NOT_FOUND, "version", "aldia template history lists them", "%.*s has no version %lld",
                              STR_ARG(path), (long long)p.version);
        t = (struct template_text){.text = row.text, .origin = TEMPLATE_COMPANY, .version = row.version};
    } else {
        TRY(template_text_now(cx, call->app, path, &t));
    }
    if (arg_flag(call, "raw") && call->raw) {
        call->raw(call->self, t.text);
        return OK;
    }
    return put_text(cx, call, path, &t);
}

const struct action template_show_action = {
    .verb = "template show",
    .path = "GET /templates/text",
    .summary = "Show a text of the library as it is written",
    .needs = CAP_MESSAGE_READ,
    .tx = TX_READ,
    .params = PARAMS({"path", P_TEXT, REQUIRED | POSITIONAL, "its place: es/claim/firm-a.txt, es/phrases.txt …", NULL},
                     {"version", P_INT, OPTIONAL, "an earlier version of the company's", NULL},
                     {"raw", P_FLAG, OPTIONAL, "the text alone, to be edited and set again", NULL}),
    .run = show_run,
    .exports = EXPORTS_NOBODY,
    .view = "template",
};

/* ---- try ---- */

/* Nothing is stored: what was typed comes back with what it says to the customer and what the linter finds. */
static enum rc try_run(struct ctx *cx, struct call *call) {
    Str path = template_place(arg_text(call, "path"));
    struct template_text t;
    struct plan_env env;
    struct message_text m;
    struct lint_findings findings = {0};
    bool example;
    TRY(template_text_now(cx, call->app, path, &t));
    TRY(env_build(cx, call->app, &env));
    TRY(template_preview_draft(cx, call, &env, path, arg_text(call, "text"), &m, &example));
    TRY(template_lint(cx, call->app, path, arena_cstr(cx->arena, path), arg_text(call, "text"), S(""), &findings));
    json_object(call->out);
    json_put_str(call->out, "path", path);
    TRY(put_wording(cx, call, path));
    json_put_str(call->out, "origin", str_from(template_origin_name(t.origin)));
    json_put_i64(call->out, "version", t.version);
    json_put_str(call->out, "text", arg_text(call, "text"));
    json_put_str(call->out, "customer", arg_text(call, "customer"));
    json_put_bool(call->out, "example", example);
    json_key(call->out, "preview");
    json_object(call->out);
    json_put_str(call->out, "subject", m.subject);
    json_put_str(call->out, "says", m.text);
    json_object_end(call->out);
    TRY(put_findings(cx, call->out, "findings", &findings));
    json_object_end(call->out);
    return OK;
}

const struct action template_try_action = {
    .verb = "template try",
    .path = "POST /templates/try",
    .summary = "Show what a text being written says to a customer, and what the linter finds; nothing is stored",
    .needs = CAP_MESSAGE_READ,
    .tx = TX_READ,
    .params = PARAMS({"path", P_TEXT, REQUIRED, "its place in the library", NULL},
                     {"text", P_TEXT, REQUIRED | MULTILINE | LONG, "the text", NULL},
                     {"customer", P_TEXT, REQUIRED, "code of the customer it is made for", NULL}),
    .run = try_run,
    .view = "template",
    .form = "template show",
    .edits = true,
};

/* ---- set ---- */

/* The library with the text in its place: INVALID when it does not hold together. */
static enum rc check_whole(struct ctx *cx, struct app *app, Str path, Str text) {
    const struct library_text *known;
    const struct message_library *tried;
    size_t count, n = 0;
    TRY(template_texts(cx, &known, &count));
    struct library_text *texts = ARENA_ARRAY(cx->arena, struct library_text, count + 1);
    for (size_t i = 0; i < count; i++)
        if (!str_equal(known[i].path, path)) texts[n++] = known[i];
    texts[n++] = (struct library_text){path, text};
    const char *folder = app_path(cx, app, "messages");
    return message_library_load(cx, file_exists(folder) ? folder : NULL, texts, n, &tried);
}

static enum rc set_run(struct ctx *cx, struct call *call) {
    struct lint_findings findings = {0};
    int64_t version;
    Str path, text = arg_text(call, "text");
    const char *file;
    if (arg_has(call, "file") == arg_has(call, "text"))
        return fail_field(cx, INVALID, "file", "give a file, or --text and --path", "what to set is not one text");
    if (arg_has(call, "text") && !arg_has(call, "path"))
        return fail_field(cx, INVALID, "path", "such as es/claim/firm-a.txt", "the text has no place in the library");
    file = arena_cstr(cx->arena, arg_has(call, "file") ? arg_text(call, "file") : arg_text(call, "path"));
    path = arg_has(call, "path") ? arg_text(call, "path") : template_place(str_from(file));
    if (arg_has(call, "file")) TRY(file_read(cx, file, MAX_FILE, &text));
    const char *given = arg_has(call, "file") ? "file" : "text";
    enum rc whole = check_whole(cx, call->app, path, text);
    if (whole == INVALID) str_copy(cx->fault.field, sizeof cx->fault.field, str_from(given));
    TRY(whole);
    TRY(template_lint(cx, call->app, path, file, text, S(""), &findings));
    if (lint_has_errors(&findings)) return template_lint_refuse(cx, &findings, given);
    TRY(template_put(cx, path, text, &version));
    json_object(call->out);
    json_put_str(call->out, "path", path);
    json_put_i64(call->out, "version", version);
    TRY(put_findings(cx, call->out, "findings", &findings));
    json_object_end(call->out);
    return OK;
}

const struct action template_set_action = {
    .verb = "template set",
    .path = "POST /templates/text",
    .summary = "Put a text of your own in the place of a shipped one, or beside it",
    .details =
        "Its place is the end of the file's path, like es/claim/firm-a.txt, or --path. Refused with file, line and "
        "remedy when it does not hold together or the linter finds an error; warnings are shown. Messages composed "
        "from now on use it; what was handed over stays as it was.",
    .needs = CAP_STRATEGY_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"file", P_FILE, OPTIONAL | POSITIONAL, "the text; docs/ref/messages.md has the format", NULL},
                     {"path", P_TEXT, OPTIONAL, "its place in the library", NULL},
                     {"text", P_TEXT, MULTILINE | LONG, "the text itself, instead of a file", NULL}),
    .run = set_run,
    .then = "/templates/text?path={path}",
    .form = "template show",
    .edits = true,
};

/* ---- reset, history ---- */

static enum rc reset_run(struct ctx *cx, struct call *call) {
    Str path = template_place(arg_text(call, "path"));
    int64_t version;
    TRY(template_put(cx, path, (Str){NULL, 0}, &version));
    json_object(call->out);
    json_put_str(call->out, "path", path);
    json_put_i64(call->out, "version", version);
    json_object_end(call->out);
    return OK;
}

const struct action template_reset_action = {
    .verb = "template reset",
    .path = "POST /templates/reset",
    .summary = "Go back to the shipped text; the versions stay in the history",
    .needs = CAP_STRATEGY_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"path", P_TEXT, REQUIRED | POSITIONAL, "its place: es/claim/firm-a.txt", NULL}),
    .run = reset_run,
    .then = "/templates/text?path={path}",
    .form = "template show",
};

static enum rc history_run(struct ctx *cx, struct call *call) {
    Str path = template_place(arg_text(call, "path"));
    struct page page;
    TRY(page_begin(cx, call, &page));
    AUTO(message_override_history_close) struct message_override_history_cursor cursor;
    TRY(message_override_history_open(cx, &(struct message_override_history_params){.path = path, .after = page.after}, &cursor));
    items_begin(call->out);
    for (;;) {
        struct message_override_history_row row;
        bool more;
        TRY(message_override_history_next(cx, &cursor, &row, &more));
        if (!more || !page_takes(&page, row.version)) break;
        json_object(call->out);
        json_put_i64(call->out, "version", row.version);
        json_put_str(call->out, "what", row.is_reset ? S("reset") : S("set"));
        put_instant(call->out, "at", row.at);
        TRY(put_actor(cx, call->out, row.actor));
        json_put_i64(call->out, "bytes", (int64_t)row.text.n);
        json_object_end(call->out);
    }
    page_end(call->out, &page);
    return OK;
}

const struct action template_history_action = {
    .verb = "template history",
    .path = "GET /templates/history",
    .summary = "List the versions of a text: who, when",
    .needs = CAP_MESSAGE_READ,
    .tx = TX_READ,
    .params = PARAMS({"path", P_TEXT, REQUIRED | POSITIONAL, "its place: es/claim/firm-a.txt", NULL}, PAGE_PARAMS),
    .run = history_run,
    .columns = "version what at actor bytes",
};
