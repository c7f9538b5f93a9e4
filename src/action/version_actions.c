/* Versions of a strategy and its life: compared, gone back to, made from another, renamed, put away (REQ: B12). */
#include <inttypes.h>

#include "action/app.h"
#include "action/draft_store.h"
#include "action/lookup.h"
#include "action/paging.h"
#include "action/person.h"
#include "action/strategy_page.h"
#include "plan/book.h"
#include "timeline/timeline.h"

#define CODE {"code", P_TEXT, REQUIRED | POSITIONAL, "code of the strategy", NULL}

static enum rc put_code(struct call *call, Str code) {
    json_object(call->out);
    json_put_str(call->out, "code", code);
    json_object_end(call->out);
    return OK;
}

/* ---- versions ---- */

static enum rc version_draft(struct ctx *cx, int64_t id, int64_t version, struct strategy_draft *out) {
    struct strategy_version_get_row row;
    bool found;
    TRY(strategy_version_get(cx, &(struct strategy_version_get_params){.id = id, .version = version}, &row, &found));
    if (!found) return fail_field(cx, NOT_FOUND, "version", "aldia strategy versions lists them", "there is no version %lld", (long long)version);
    return strategy_draft_read(cx, arena_str(cx->arena, row.source), out);
}

static enum rc put_versions(struct ctx *cx, struct json_writer *w, const struct strategy_by_code_row *s, int64_t from, int64_t to,
                            struct page *page) {
    AUTO(strategy_versions_close) struct strategy_versions_cursor cursor;
    TRY(strategy_versions_open(cx, &(struct strategy_versions_params){.id = s->id}, &cursor));
    json_key(w, "items");
    json_array(w);
    for (;;) {
        struct strategy_versions_row r;
        bool more;
        TRY(strategy_versions_next(cx, &cursor, &r, &more));
        if (more && r.version >= page->after) continue;
        if (!more || !page_takes(page, r.version)) break;
        json_object(w);
        json_put_i64(w, "version", r.version);
        put_instant(w, "at", r.created_at);
        TRY(put_actor(cx, w, arena_str(cx->arena, r.actor)));
        json_put_str(w, "note", r.note);
        json_put_bool(w, "in_force", r.version == s->version);
        json_put_bool(w, "is_from", r.version == from);
        json_put_bool(w, "is_to", r.version == to);
        json_object_end(w);
    }
    json_array_end(w);
    return OK;
}

static enum rc versions_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct strategy_by_code_row s;
    struct strategy_draft before, after;
    struct page page;
    TRY(page_begin_falling(cx, call, &page));
    TRY(find_strategy(cx, arg_text(call, "code"), &s));
    int64_t to = arg_int(call, "to", s.version), from = arg_int(call, "from", to > 1 ? to - 1 : to);
    TRY(version_draft(cx, s.id, from, &before));
    TRY(version_draft(cx, s.id, to, &after));
    json_object(w);
    json_put_str(w, "code", arg_text(call, "code"));
    json_put_str(w, "name", s.name);
    json_put_i64(w, "version", s.version);
    json_put_bool(w, "several", s.version > 1);
    json_put_i64(w, "from", from);
    json_put_i64(w, "to", to);
    TRY(put_versions(cx, w, &s, from, to, &page));
    strategy_put_diff(cx, w, "changes", &before, &after);
    page_put_next(w, &page);
    json_object_end(w);
    return OK;
}

const struct action strategy_versions_action = {
    .verb = "strategy versions",
    .path = "GET /strategies/{code}/versions",
    .summary = "List the versions of a strategy, who made them and why, and what differs between two",
    .needs = CAP_STRATEGY_READ,
    .tx = TX_READ,
    .params = PARAMS(CODE, {"from", P_INT, OPTIONAL, "compare this version; the one before --to if not given", NULL},
                     {"to", P_INT, OPTIONAL, "with this one; the one in force if not given", NULL}, PAGE_PARAMS),
    .run = versions_run,
    .view = "strategy_versions",
    .columns = "items: version at actor note in_force; changes: change step what",
};

static enum rc restore_run(struct ctx *cx, struct call *call) {
    struct kept_draft k;
    TRY(draft_load(cx, arg_text(call, "code"), &k));
    TRY(version_draft(cx, k.strategy.id, arg_int(call, "version", 0), &k.draft));
    k.base_version = k.strategy.version;
    TRY(draft_keep(cx, &k));
    return put_code(call, arg_text(call, "code"));
}

const struct action strategy_version_restore_action = {
    .verb = "strategy version-restore",
    .path = "POST /strategies/{code}/versions",
    .summary = "Make a draft of an older version, to go back to it",
    .details = "In the place of the draft there is. Nothing is in force before `strategy publish`, which shows what it means.",
    .needs = CAP_STRATEGY_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS(CODE, {"version", P_INT, REQUIRED | POSITIONAL, "which", NULL}),
    .run = restore_run,
    .then = "/strategies/{code}/draft",
    .form = "strategy versions",
};

static enum rc export_run(struct ctx *cx, struct call *call) {
    struct strategy_by_code_row s;
    struct strategy_version_get_row row;
    bool found;
    TRY(find_strategy(cx, arg_text(call, "code"), &s));
    if (arg_has(call, "version")) {
        TRY(strategy_version_get(cx, &(struct strategy_version_get_params){.id = s.id, .version = arg_int(call, "version", 0)}, &row, &found));
        if (!found) return fail_field(cx, NOT_FOUND, "version", "aldia strategy versions lists them", "there is no version %lld", (long long)arg_int(call, "version", 0));
        s.source = row.source;
    }
    if (call->raw) {
        call->raw_type = "application/yaml; charset=utf-8";
        call->raw_name = arena_cstr(call->app->arena, arena_printf(cx->arena, "%.*s.yaml", STR_ARG(arg_text(call, "code"))));
        call->raw(call->self, s.source);
        return OK;
    }
    json_object(call->out);
    json_put_str(call->out, "code", arg_text(call, "code"));
    json_put_str(call->out, "source", s.source);
    json_object_end(call->out);
    return OK;
}

const struct action strategy_export_action = {
    .verb = "strategy export",
    .path = "GET /strategies/{code}/file",
    .summary = "Write a strategy as the YAML file that `strategy apply` takes",
    .needs = CAP_STRATEGY_READ,
    .tx = TX_READ,
    .params = PARAMS(CODE, {"version", P_INT, OPTIONAL, "an older one; the one in force if not given", NULL}),
    .run = export_run,
    .exports = EXPORTS_NOBODY,
};

/* ---- making, naming, putting away ---- */

static enum rc store(struct ctx *cx, const struct strategy_draft *draft, Str note, const char *event, int64_t *out_version) {
    struct strategy parsed;
    bool changed;
    Str yaml = strategy_draft_write(cx->arena, draft);
    TRY(strategy_store(cx, &(struct strategy_text){yaml, "the strategy", note, false}, &parsed, out_version, &changed));
    Str data = arena_printf(cx->arena, "{\"version\":%" PRId64 "}", *out_version);
    return changed ? event_note(cx, event, 0, parsed.code, data) : OK;
}

/* "Turismo ÃandÃº" -> "turismo-nandu"; a number behind it when there is one already. */
static enum rc code_of_name(struct ctx *cx, Str name, Str *out) {
    Str folded = str_fold(cx->arena, name);
    char *code = arena_alloc(cx->arena, folded.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < folded.n && n < 36; i++) {
        char c = folded.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (letter)
            code[n++] = c;
        else if (n && code[n - 1] != '-')
            code[n++] = '-';
    }
    while (n && code[n - 1] == '-') n--;
    if (n == 0) return fail_field(cx, INVALID, "name", "use letters or digits", "no code can be made of that name");
    for (int number = 1; number < 100; number++) {
        struct strategy_by_code_row row;
        bool found;
        *out = number == 1 ? arena_str(cx->arena, (Str){code, n}) : arena_printf(cx->arena, "%.*s-%d", (int)n, code, number);
        TRY(strategy_by_code(cx, &(struct strategy_by_code_params){.code = *out}, &row, &found));
        if (!found) return OK;
    }
    return fail_field(cx, CONFLICT, "name", "choose another name", "there are too many strategies of that name");
}

static enum rc new_run(struct ctx *cx, struct call *call) {
    struct strategy_by_code_row from, taken;
    struct strategy_draft draft;
    int64_t version;
    bool found = false;
    Str code = arg_text(call, "code"), name = str_trim(arg_text(call, "name"));
    TRY(find_strategy(cx, arg_text(call, "from"), &from));
    TRY(strategy_draft_read(cx, from.source, &draft));
    if (!name.n) return fail_field(cx, INVALID, "name", "what people call it", "the strategy has no name");
    if (code.n)
        TRY(strategy_by_code(cx, &(struct strategy_by_code_params){.code = code}, &taken, &found));
    else
        TRY(code_of_name(cx, name, &code));
    if (found) return fail_field(cx, CONFLICT, "code", "choose another code", "there is a strategy %.*s already", STR_ARG(code));
    draft.code = code;
    draft.name = name;
    draft.comment = draft.segments = S(""); /* nobody follows it before somebody says so */
    TRY(store(cx, &draft, arena_printf(cx->arena, "%.*s", STR_ARG(from.name)), "strategy.applied", &version));
    return put_code(call, code);
}

const struct action strategy_new_action = {
    .verb = "strategy new",
    .path = "POST /strategies/new",
    .summary = "Make a strategy from another one: a shipped one as template, or a duplicate",
    .details = "Nobody follows it before segments or customers are given to it, and it sends nothing before it is activated.",
    .needs = CAP_STRATEGY_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"name", P_TEXT, REQUIRED | POSITIONAL, "what people call it", NULL},
                     {"from", P_TEXT, REQUIRED, "code of the strategy it begins as", NULL},
                     {"code", P_TEXT, OPTIONAL, "its code for ever; made of the name if not given", NULL}),
    .run = new_run,
    .then = "/strategies/{code}/draft",
    .form = "strategy list",
};

static enum rc rename_run(struct ctx *cx, struct call *call) {
    struct kept_draft k;
    int64_t version;
    TRY(draft_load(cx, arg_text(call, "code"), &k));
    Str name = str_trim(arg_text(call, "name"));
    if (!name.n) return fail_field(cx, INVALID, "name", "what people call it", "the strategy has no name");
    k.force.name = name;
    TRY(store(cx, &k.force, S(""), "strategy.renamed", &version));
    if (k.is_draft) {
        k.draft.name = name;
        if (k.base_version == k.strategy.version) k.base_version = version;
        TRY(draft_keep(cx, &k));
    }
    return put_code(call, arg_text(call, "code"));
}

const struct action strategy_rename_action = {
    .verb = "strategy rename",
    .path = "POST /strategies/{code}/rename",
    .summary = "Give a strategy another name; its code stays",
    .needs = CAP_STRATEGY_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS(CODE, {"name", P_TEXT, REQUIRED | POSITIONAL, "what people call it", NULL}),
    .run = rename_run,
    .then = "/strategies/{code}",
    .form = "strategy show",
    .edits = true,
};

static enum rc archive_run(struct ctx *cx, struct call *call) {
    struct strategy_by_code_row s;
    struct strategy_followers_row followers;
    TRY(find_strategy(cx, arg_text(call, "code"), &s));
    if (s.is_default) return fail_field(cx, CONFLICT, "code", NULL, "the default strategy is there for whoever follows no other");
    TRY(strategy_followers(cx, &(struct strategy_followers_params){.id = s.id}, &followers));
    if (followers.by_hand)
        return fail_field(cx, CONFLICT, "code", "assign them another first", "%lld customers follow it by hand", (long long)followers.by_hand);
    TRY(strategy_set_archived(cx, &(struct strategy_set_archived_params){.id = s.id, .archived_at = cx->now}));
    TRY(event_note(cx, "strategy.archived", 0, arg_text(call, "code"), S("{}")));
    return put_code(call, arg_text(call, "code"));
}

const struct action strategy_archive_action = {
    .verb = "strategy archive",
    .path = "POST /strategies/{code}/archive",
    .summary = "Put a strategy away: nobody follows it any more",
    .details = "Customers of its segments follow another that names them, or the default. Refused while customers have it assigned by hand.",
    .needs = CAP_STRATEGY_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS(CODE),
    .run = archive_run,
    .then = "/strategies",
    .form = "strategy show",
};

static enum rc unarchive_run(struct ctx *cx, struct call *call) {
    struct strategy_by_code_row s;
    TRY(find_strategy(cx, arg_text(call, "code"), &s));
    TRY(strategy_set_archived(cx, &(struct strategy_set_archived_params){.id = s.id, .archived_at = INSTANT_NONE}));
    if (!instant_is_none(s.archived_at)) TRY(event_note(cx, "strategy.unarchived", 0, arg_text(call, "code"), S("{}")));
    return put_code(call, arg_text(call, "code"));
}

const struct action strategy_unarchive_action = {
    .verb = "strategy unarchive",
    .path = "POST /strategies/{code}/unarchive",
    .summary = "Take an archived strategy back",
    .needs = CAP_STRATEGY_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS(CODE),
    .run = unarchive_run,
    .then = "/strategies/{code}",
    .form = "strategy show",
};
