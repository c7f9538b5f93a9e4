/* Fields, JSON members, path pieces and files into the parameters an action declares. Nothing undeclared ever gets in. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "core/amount.h"
#include "web/events.h"

#define LIMIT_MAX 500
#define PROGRESS_MS 250

void raw_take(void *self, Str bytes) {
    struct raw_answer *raw = self;
    raw->given = true;
    buf_add(&raw->bytes, bytes);
}

void progress_take(void *self, const char *what, int64_t done, int64_t total) {
    struct raw_answer *raw = self;
    struct exchange *x = raw->x;
    int64_t now = clock_monotonic_ms();
    if (x->actor.kind != ACTOR_USER || now - raw->told_ms < PROGRESS_MS) return;
    raw->told_ms = now;
    AUTO(buf_done) struct buf b = buf_make(1000);
    buf_printf(&b, "{\"verb\":\"%s\",\"what\":\"%s\",\"done\":%lld,\"total\":%lld}", x->action->verb, what, (long long)done, (long long)total);
    hub_progress(x->worker->server, x->cx->company_id, x->actor.user_id, buf_str(&b));
}

void call_prepare(struct exchange *x, const struct action *a, struct call *out_call, struct json_writer *out) {
    *out_call = (struct call){.app = &x->app, .action = a, .out = out, .yes = true, .stop = &x->worker->server->stop};
}

Str field_name(struct ctx *cx, const char *name) {
    char *copy = arena_cstr(cx->arena, str_from(name));
    if (*copy >= 'A' && *copy <= 'Z') return str_from(copy); /* a header, as it is written */
    for (char *c = copy; *c; c++)
        if (*c == '-') *c = '_';
    return str_from(copy);
}

static enum rc unknown(struct exchange *x, Str name) {
    return fail_field(x->cx, INVALID, arena_cstr(x->cx->arena, (Str){name.p, name.n < 60 ? name.n : 60}),
                      "the API description (/api/v1/openapi.json) lists what there is", "there is no field %.*s",
                      (int)(name.n < 60 ? name.n : 60), name.p);
}

/* CRLF, as forms have it, is one line end. */
static Str plain_lines(struct arena *arena, Str text) {
    if (str_index(text, '\r') == text.n) return text;
    char *to = arena_alloc(arena, text.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] != '\r' || i + 1 >= text.n || text.p[i + 1] != '\n') to[n++] = text.p[i];
    return (Str){to, n};
}

/* People write amounts with the marks of the company's country; programs a plain decimal. */
static enum rc read_amount(struct exchange *x, const struct param *p, Str typed, Str *out_plain) {
    const struct locale *l;
    TRY(locale_find(x->cx, S("es"), x->has_company ? x->app.company.country : S(""), &l));
    if (amount_typed(l, typed, x->cx->arena, out_plain)) return OK;
    const char *hint = locale_decimal_mark(l) == ',' ? "write it like this: 1.234.567,50" : "write it like this: 1,234,567.50";
    return fail_field(x->cx, INVALID, p->name, hint, "\"%.*s\" is not an amount", (int)(typed.n < 40 ? typed.n : 40), typed.p);
}

static enum rc set_text(struct exchange *x, struct call *call, const struct param *p, Str text) {
    if (p->type == P_FLAG) {
        bool off = text.n == 0 || str_is(text, "0") || str_is(text, "false") || str_is(text, "off");
        bool on = str_is(text, "1") || str_is(text, "true") || str_is(text, "on") || str_is(text, "yes");
        if (!on && !off) return fail_field(x->cx, INVALID, p->name, "true or false", "%s is a yes or no", p->name);
        return on ? call_set(x->cx, call, p, S("1")) : OK;
    }
    if (text.n == 0 && !(p->flags & CLEARABLE)) return OK;
    if (p->type == P_AMOUNT && x->face == FACE_PAGE) TRY(read_amount(x, p, text, &text));
    return call_set(x->cx, call, p, plain_lines(x->cx->arena, text));
}

enum rc params_from_path(struct exchange *x, struct call *call) {
    for (size_t i = 0; i < x->match.count; i++) {
        const struct param *p = param_find(call->action, x->match.names[i]);
        Str text;
        MUST(p);
        if (!url_decode(x->cx->arena, x->match.values[i], false, &text))
            return fail(x->cx, NOT_FOUND, "there is no such address");
        TRY(call_set(x->cx, call, p, text));
    }
    return OK;
}

enum rc params_from_fields(struct exchange *x, struct call *call, const struct fields *fields, bool strict) {
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *f = &fields->items[i];
        const struct param *p = param_find(call->action, f->name);
        bool usable = p && p->type != P_FILE && !param_in_path(call->action, p);
        if (!usable && strict) return unknown(x, f->name);
        if (usable) TRY(set_text(x, call, p, f->value));
    }
    return OK;
}

/* A file's content given as text in JSON. */
static enum rc set_content(struct exchange *x, struct call *call, const struct param *p, Str text) {
    struct request *r = x->request;
    if (r->upload_count == UPLOADS_MAX) return fail_field(x->cx, INVALID, p->name, NULL, "too many files");
    char *folder = arena_cstr(r->arena, arena_printf(r->arena, "%s/XXXXXX", r->server->upload_folder));
    if (!mkdtemp(folder)) return fail(x->cx, INTERNAL, "could not keep the content of %s", p->name);
    struct upload *u = &r->uploads[r->upload_count++];
    *u = (struct upload){.folder = folder, .fd = -1, .path = arena_cstr(r->arena, arena_printf(r->arena, "%s/%s", folder, p->name))};
    TRY(file_write(x->cx, u->path, text, 0600));
    return call_set(x->cx, call, p, str_from(u->path));
}

static enum rc set_value(struct exchange *x, struct call *call, const struct param *p, const struct value *v) {
    switch (v->kind) {
    case VALUE_MISSING: return OK;
    case VALUE_TRUE:
    case VALUE_FALSE:
        if (p->type != P_FLAG) break;
        return set_text(x, call, p, v->kind == VALUE_TRUE ? S("1") : S("0"));
    case VALUE_TEXT:
        if (p->type == P_FLAG) break;
        return p->type == P_FILE ? set_content(x, call, p, v->text) : set_text(x, call, p, v->text);
    case VALUE_NUMBER:
        if (p->type != P_INT && p->type != P_AMOUNT) break;
        return set_text(x, call, p, v->text);
    case VALUE_LIST:
        if (!(p->flags & REPEATED)) break;
        for (const struct value *one = v->child; one; one = one->next) {
            if (one->kind != VALUE_TEXT && one->kind != VALUE_NUMBER) return fail_field(x->cx, INVALID, p->name, NULL, "%s is a list of texts", p->name);
            TRY(set_text(x, call, p, one->text));
        }
        return OK;
    case VALUE_MARKUP:
    case VALUE_OBJECT: break;
    }
    return fail_field(x->cx, INVALID, p->name, p->help, "%s has the wrong type of value", p->name);
}

enum rc params_from_json(struct exchange *x, struct call *call, Str body) {
    const struct value *root;
    if (str_trim(body).n == 0) return OK;
    TRY(json_parse(x->cx, body, &root));
    if (root->kind != VALUE_OBJECT) return fail(x->cx, INVALID, "the body is no JSON object");
    for (const struct value *v = root->child; v; v = v->next) {
        const struct param *p = param_find(call->action, v->key);
        if (!p || param_in_path(call->action, p)) return unknown(x, v->key);
        TRY(set_value(x, call, p, v));
    }
    return OK;
}

enum rc params_from_uploads(struct exchange *x, struct call *call) {
    const struct request *r = x->request;
    for (size_t i = 0; i < r->upload_count; i++) {
        const struct param *p = param_find(call->action, r->uploads[i].name);
        if (!p || p->type != P_FILE) return unknown(x, r->uploads[i].name);
        TRY(call_set(x->cx, call, p, str_from(r->uploads[i].path)));
    }
    return OK;
}

enum rc params_limit(struct exchange *x, struct call *call, int fallback) {
    const struct param *limit = param_find(call->action, S("limit"));
    if (!limit) return OK;
    size_t at = (size_t)(limit - call->action->params);
    if (call->counts[at] == 0) return call_set(x->cx, call, limit, arena_printf(x->cx->arena, "%d", fallback));
    if (arg_int(call, "limit", 0) > LIMIT_MAX)
        return fail_field(x->cx, INVALID, "limit", "go through the pages with \"next\" and after", "limit is at most %d", LIMIT_MAX);
    return OK;
}
