/* Pages: a GET shows an action's value through its view. */
#include <stdio.h>
#include <string.h>

#include "action/identity.h"
#include "base/log.h"
#include "core/locale.h"
#include "core/zone.h"
#include "web/page.h"
#include "web/spool.h"
#include "web/text.h"
#include "web/view.h"


/* ---- the tree ---- */

Str page_underscored(struct ctx *cx, const char *verb) {
    char *copy = arena_cstr(cx->arena, str_from(verb));
    for (char *c = copy; *c; c++)
        if (*c == ' ' || *c == '-') *c = '_';
    return str_from(copy);
}

static void add_fields(struct value_builder *b, const char *key, const struct fields *fields) {
    struct value_builder object = value_add_object(b, key);
    for (size_t i = 0; i < fields->count; i++)
        value_append(&object, fields->items[i].name, VALUE_TEXT)->text = fields->items[i].value;
}

#define TRAIL_MOST 30 /* pages one can go back one by one; farther back leads to the first */

/* The same address with another cursor, and with the cursors of the pages before it. */
static Str page_address(const struct page *p, Str after, Str trail) {
    const struct request *r = p->x->request;
    struct buf b = buf_make(32768);
    char mark = '?';
    buf_add(&b, r->path);
    const struct field own[] = {{S("after"), after}, {S("trail"), trail}};
    for (size_t i = 0; i < COUNT_OF(own) + r->query.count; i++) {
        const struct field *f = i < COUNT_OF(own) ? &own[i] : &r->query.items[i - COUNT_OF(own)];
        bool is_ours = str_is(f->name, "after") || str_is(f->name, "trail") || str_is(f->name, "done");
        if (i < COUNT_OF(own) ? f->value.n == 0 : is_ours) continue;
        buf_add_char(&b, mark);
        buf_add_url(&b, f->name);
        buf_add_char(&b, '=');
        buf_add_url(&b, f->value);
        mark = '&';
    }
    Str address = buf_ok(&b) ? arena_str(r->arena, buf_str(&b)) : S("");
    buf_done(&b);
    return address;
}

/* A cursor without spaces. */
static Str trail_entry(struct arena *arena, Str cursor) {
    struct buf b = buf_make(4096);
    buf_add_url(&b, cursor);
    Str entry = buf_ok(&b) ? arena_str(arena, buf_str(&b)) : S("");
    buf_done(&b);
    return entry;
}

/* Ways to the first, the previous and the next page. A cursor tells what comes after it, so an address carries the cursors of the pages
 * one came by: "-" for the first page, each followed by a space. */
static void add_ways(const struct page *p, struct value_builder *b) {
    const struct request *r = p->x->request;
    struct arena *arena = p->x->cx->arena;
    const struct value *next = p->data && p->data->kind == VALUE_OBJECT ? p->data->child : NULL;
    Str after = fields_get(&r->query, "after"), trail = fields_get(&r->query, "trail");
    while (next && !str_is(next->key, "next")) next = next->next;
    bool has_next = next && next->kind == VALUE_TEXT;
    size_t pages = 0, cut = 0, start = 0;
    for (size_t i = 0; i < trail.n; i++) {
        if (trail.p[i] != ' ') continue;
        if (i + 1 < trail.n) cut = i + 1; /* where the last cursor begins */
        if (++pages == 1) start = i + 1;
    }
    Str shorter = pages >= TRAIL_MOST ? (Str){trail.p + start, trail.n - start} : trail;
    Str here = after.n ? trail_entry(arena, after) : S("-");
    value_add_text(b, "next", has_next ? page_address(p, next->text, arena_printf(arena, "%.*s%.*s ", STR_ARG(shorter), STR_ARG(here))) : S(""));
    Str last = pages ? str_trim((Str){trail.p + cut, trail.n - cut}) : S("");
    bool is_second = str_is(last, "-"), is_known = after.n && last.n;
    Str before = is_second ? S("") : str_url_decode(arena, last);
    value_add_text(b, "previous", is_known ? page_address(p, before, (Str){trail.p, cut}) : S(""));
    value_add_text(b, "first", after.n && !is_second ? page_address(p, S(""), S("")) : S(""));
    value_add_bool(b, "turns", has_next || after.n > 0);
}

static void add_page(const struct page *p, struct value_builder *root) {
    struct exchange *x = p->x;
    struct request *r = x->request;
    struct value_builder b = value_add_object(root, "page");
    Str title, done = fields_get(&r->query, "done");
    Str key = arena_printf(x->cx->arena, "title.%s", p->view);
    if (!text_find(str_from(x->cx->lang), key, &title)) title = str_from(p->action ? p->action->summary : "aldia");
    value_add_text(&b, "path", r->path);
    value_add_text(&b, "view", str_from(p->view));
    value_add_text(&b, "verb", p->action ? page_underscored(x->cx, p->action->verb) : S(""));
    value_add_text(&b, "status", arena_printf(x->cx->arena, "%d", p->status));
    value_add_text(&b, "title", title);
    add_ways(p, &b);
    Str said;
    key = arena_printf(x->cx->arena, "done.%.*s", (int)(done.n < 60 ? done.n : 0), done.p);
    if (done.n && text_find(str_from(x->cx->lang), key, &said)) value_add_text(&b, "done", said);
    value_add_bool(&b, "is_partial", str_is(fields_header(&r->headers, "HX-Request-Type"), "partial"));
    add_fields(&b, "query", &r->query);
}

static Str initials(struct ctx *cx, Str name) {
    struct buf b = buf_make(32);
    int words = 0;
    for (Str rest = name; rest.p && words < 2;) {
        Str word = str_cut(&rest, ' ');
        size_t at = 0;
        if (word.n == 0) continue;
        buf_add_codepoint(&b, str_next_codepoint(word, &at));
        words++;
    }
    Str text = arena_str(cx->arena, buf_str(&b));
    buf_done(&b);
    return text;
}

static void add_people(const struct page *p, struct value_builder *root) {
    struct exchange *x = p->x;
    char code[4], day[DATE_TEXT];
    if (x->actor.kind == ACTOR_USER) {
        struct value_builder user = value_add_object(root, "user");
        value_add_text(&user, "name", str_from(x->actor.name));
        value_add_text(&user, "login", str_from(x->actor.login));
        value_add_text(&user, "role", str_from(role_name(x->actor.role)));
        value_add_bool(&user, "several", x->actor.companies > 1);
        value_add_text(&user, "initials", initials(x->cx, str_from(x->actor.name)));
    }
    if (!x->has_company) return;
    struct value_builder company = value_add_object(root, "company");
    value_add_text(&company, "name", x->app.company.name);
    value_add_text(&company, "code", x->app.company.code);
    value_add_text(&company, "country", x->app.company.country);
    value_add_text(&company, "currency", arena_str(x->cx->arena, currency_code(x->app.company.currency, code)));
    value_add_text(&company, "today", arena_str(x->cx->arena, date_iso(app_today(x->cx, &x->app), day)));
}

/* A sentence as pages have it: with a capital. Small letters of Latin-1 are two bytes, the second 0x20 above its capital's. */
static Str sentence(struct ctx *cx, const char *text) {
    char *copy = arena_cstr(cx->arena, str_from(text));
    if (copy[0] >= 'a' && copy[0] <= 'z') copy[0] = (char)(copy[0] - 0x20);
    if ((unsigned char)copy[0] == 0xc3 && (unsigned char)copy[1] >= 0xa0 && (unsigned char)copy[1] != 0xb7) copy[1] = (char)(copy[1] - 0x20);
    return str_from(copy);
}

/* What the field at fault is called on pages: the text field.NAME, else the text NAME; empty when there is neither. */
static Str field_label(struct exchange *x, Str name) {
    Str lang = str_from(x->cx->lang), label = S("");
    if (!text_find(lang, arena_printf(x->cx->arena, "field.%.*s", STR_ARG(name)), &label)) text_find(lang, name, &label);
    return label;
}

/* "falta customer" as "Falta «Cliente»": whoever fills in a form sees labels, never names of parameters. */
Str page_fault_message(struct exchange *x) {
    const struct fault *f = &x->cx->fault;
    Str label = f->field[0] ? field_label(x, field_name(x->cx, f->field)) : S("");
    const char *at = label.n ? strstr(f->message, f->field) : NULL;
    size_t n = strlen(f->field);
    bool is_word = at && (at == f->message || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0');
    if (!is_word) return sentence(x->cx, f->message);
    bool guillemets = str_is(str_from(x->cx->lang), "es");
    Str text = arena_printf(x->cx->arena, "%.*s%s%.*s%s%s", (int)(at - f->message), f->message, guillemets ? "«" : "“", STR_ARG(label),
                            guillemets ? "»" : "”", at + n);
    return sentence(x->cx, arena_cstr(x->cx->arena, text));
}

/* Remedies that name a command, or values as programs write them, are for the console. */
static bool is_for_console(const char *hint) {
    if (strchr(hint, '|')) return true;
    const char *at = strstr(hint, "aldia ");
    return at && at[6] >= 'a' && at[6] <= 'z' && (at == hint || at[-1] == ' ');
}

static void add_form(const struct page *p, struct value_builder *root) {
    struct exchange *x = p->x;
    const struct fault *f = &x->cx->fault;
    struct value_builder form = value_add_object(root, "form");
    if (p->fault != OK) {
        struct value_builder fault = value_add_object(root, "fault");
        value_add_text(&fault, "code", str_from(rc_name(p->fault)));
        value_add_text(&fault, "message", page_fault_message(x));
        value_add_text(&fault, "hint", is_for_console(f->hint) ? S("") : sentence(x->cx, f->hint));
        value_add_text(&fault, "field", field_name(x->cx, f->field));
    }
    if (!p->form) return;
    struct value_builder values = value_add_object(&form, "values");
    const struct fields *given = p->sent;
    for (size_t i = 0; i < given->count; i++)
        if (!str_is(given->items[i].name, "csrf"))
            value_append(&values, field_name(x->cx, arena_cstr(x->cx->arena, given->items[i].name)), VALUE_TEXT)->text = given->items[i].value;
    struct value_builder errors = value_add_object(&form, "errors");
    if (f->field[0]) value_append(&errors, field_name(x->cx, f->field), VALUE_TEXT)->text = page_fault_message(x);
    value_add_text(&form, "verb", page_underscored(x->cx, p->form->action->verb));
    value_add_bool(&form, "errors_any", true);
}

/* What the app came to know meanwhile went with the call's arena too. */
enum rc page_run(struct exchange *x, struct call *call) {
    AUTO(arena_release) struct arena *own = arena_new();
    const struct rule_pack *rules = x->app.rules;
    const struct message_library *library = x->app.library;
    struct ctx cx = *x->cx;
    cx.arena = own;
    enum rc rc = call_run(&cx, call);
    x->cx->fault = cx.fault;
    x->app.rules = rules;
    x->app.library = library;
    if (call->raw_type) call->raw_type = arena_cstr(x->cx->arena, str_from(call->raw_type));
    if (call->raw_name) call->raw_name = arena_cstr(x->cx->arena, str_from(call->raw_name));
    return rc;
}

/* What the rail shows; a failure of it fails no page. */
static void add_shell(const struct page *p, struct value_builder *root) {
    struct exchange *x = p->x;
    const struct action *shell = action_find(S("shell"));
    if (!shell || !x->has_company || !actor_may(x->cx->who, shell->needs)) return;
    struct json_tree tree;
    struct call call;
    struct fault before = x->cx->fault;
    json_tree_init(&tree, x->cx->arena);
    call_prepare(x, shell, &call, &tree.writer);
    if (page_run(x, &call) == OK && tree.root) value_add_same(root, "shell", tree.root);
    x->cx->fault = before;
}

static const struct value *page_root(const struct page *p, bool is_whole) {
    struct exchange *x = p->x;
    struct value_builder root = value_object(x->cx->arena);
    if (p->data) value_add_same(&root, "data", p->data);
    add_page(p, &root);
    add_people(p, &root);
    add_form(p, &root);
    if (is_whole) add_shell(p, &root);
    value_add_text(&root, "csrf", x->csrf);
    value_add_text(&root, "lang", str_from(x->cx->lang));
    if (x->actor.theme[0] && strcmp(x->actor.theme, "auto") != 0) value_add_text(&root, "theme", str_from(x->actor.theme));
    const struct action *advance = action_find(S("demo advance"));
    value_add_bool(&root, "demo", x->worker->server->is_demo && advance && actor_may(x->cx->who, advance->needs));
    value_add_text(&root, "version", S(ALDIA_VERSION));
    return root.value;
}

/* ---- showing ---- */

static void plain_page(struct exchange *x, int status) {
    struct request *r = x->request;
    struct buf *b = answer_body(r, 65536);
    r->answer.status = status;
    buf_printf(b, "<!doctype html>\n<html lang=\"%s\"><meta charset=\"utf-8\"><title>aldia</title><h1>%d</h1><p>", x->cx->lang, status);
    buf_add_html(b, str_from(x->cx->fault.message));
    buf_add(b, S("</p><p>"));
    buf_add_html(b, str_from(x->cx->fault.hint));
    buf_add(b, S("</p><p><a href=\"/\">aldia</a></p></html>\n"));
}

static enum rc terms_of(const struct page *p, struct page_terms *out_terms) {
    struct exchange *x = p->x;
    Str country = x->has_company ? x->app.company.country : S("CO"), lang = str_from(x->cx->lang);
    *out_terms = (struct page_terms){.cx = x->cx, .lang = lang, .content = view_find(str_from(p->view))};
    out_terms->zone = x->has_company ? x->app.company.zone : zone_utc();
    out_terms->today = zone_date(out_terms->zone, x->cx->now).day;
    return locale_find(x->cx, lang, country, &out_terms->locale);
}

enum rc page_content(const struct page *p, struct buf *out) {
    struct page_terms terms;
    TRY(terms_of(p, &terms));
    return view_render(&terms, terms.content, page_root(p, false), out);
}

void page_draw(const struct page *p) {
    struct exchange *x = p->x;
    struct request *r = x->request;
    bool is_visitor = x->actor.kind != ACTOR_USER;
    const struct mustache *layout = view_find(is_visitor ? S("layout_visitor") : S("layout"));
    struct page_terms terms;
    answer_header(r, "Content-Type", S("text/html; charset=utf-8"));
    answer_header(r, "Vary", S("Accept-Language, Cookie, HX-Request-Type"));
    enum rc rc = terms_of(p, &terms);
    r->answer.status = p->status;
    if (rc == OK && terms.content) {
        struct buf *body = answer_body(r, PAGE_MAX);
        rc = view_render(&terms, layout ? layout : terms.content, page_root(p, true), body);
        if (rc == OK) page_dress(p, body);
    }
    if (rc == OK && terms.content) return;
    if (rc != OK) log_write(LOG_ERROR, "view_failed", "view=%s message=\"%s\"", p->view, x->cx->fault.plain);
    plain_page(x, rc == OK ? p->status : 500);
}

void page_fault(struct exchange *x, enum rc rc) {
    hide_internal(x, rc);
    struct page p = {.x = x, .view = "error", .status = rc_http_status(rc), .fault = rc};
    if (rc == DENIED && x->actor.kind == ACTOR_NOBODY) {
        struct request *r = x->request;
        AUTO(buf_done) struct buf next = buf_make(8192);
        bool is_page = str_is(r->method, "GET") && !str_is(r->path, "/");
        if (is_page) buf_add_url(&next, r->target);
        r->answer.status = 303;
        answer_header(r, "Location", next.n ? arena_printf(r->arena, "/login?next=%.*s", STR_ARG(buf_str(&next))) : S("/login"));
        return;
    }
    if (rc == BUSY) answer_header(x->request, "Retry-After", S("5"));
    page_draw(&p);
}

void page_unknown(struct exchange *x) {
    struct request *r = x->request;
    if (x->match.methods & 2 && !(x->match.methods & 1)) {
        answer_header(r, "Allow", S("POST"));
        (void)fail(x->cx, NOT_FOUND, "this address only takes forms");
        struct page p = {.x = x, .view = "error", .status = 405, .fault = NOT_FOUND};
        page_draw(&p);
        return;
    }
    (void)fail(x->cx, NOT_FOUND, "there is no such page");
    page_fault(x, NOT_FOUND);
}

enum rc page_load(struct exchange *x, struct call *call, struct page *page) {
    struct json_tree tree;
    json_tree_init(&tree, x->cx->arena);
    call->out = &tree.writer;
    TRY(page_run(x, call));
    page->data = tree.root;
    return OK;
}

static Str text_member(const struct value *object, const char *name) {
    const struct value *v = object && object->kind == VALUE_OBJECT ? object->child : NULL;
    while (v && !str_is(v->key, name)) v = v->next;
    return v && v->kind == VALUE_TEXT ? v->text : S("");
}

/* A look beforehand that tells what is wrong with what was asked (`problem`, `problem_field`) is shown as a refused form is. */
static void take_problem(struct exchange *x, const struct call *call, struct page *page) {
    Str field = text_member(page->data, "problem_field"), problem = text_member(page->data, "problem");
    if (field.n == 0 || problem.n == 0 || x->request->query.count == 0) return;
    page->form = call;
    page->form_is_get = true;
    page->form_to = x->request->path;
    page->sent = &x->request->query;
    page->fault = INVALID;
    x->cx->fault = (struct fault){0};
    snprintf(x->cx->fault.field, sizeof x->cx->fault.field, "%.*s", STR_ARG(field));
    snprintf(x->cx->fault.message, sizeof x->cx->fault.message, "%.*s", STR_ARG(problem));
}

static void page_read(struct exchange *x) {
    struct request *r = x->request;
    struct call call;
    struct raw_answer raw = {.request = r, .x = x, .bytes = buf_make(RAW_MAX)};
    struct page page = {.x = x, .action = x->action, .view = x->action->view, .status = 200, .tag = fields_get(&r->query, "if_match")};
    call_prepare(x, x->action, &call, NULL);
    call.raw = raw_take;
    call.pour = spool_take;
    call.progress = progress_take;
    call.self = &raw;
    raw.call = &call;
    enum rc rc = params_from_path(x, &call);
    if (rc == OK) rc = params_from_fields(x, &call, &r->query, false);
    if (rc == OK) rc = params_limit(x, &call, PAGE_ROWS);
    if (rc == OK) rc = page_load(x, &call, &page);
    if (raw.spool) {
        spool_end(&raw, rc);
        return;
    }
    if (rc == OK) take_problem(x, &call, &page);
    if (rc == OK && raw.given) {
        send_raw(x, &call, &raw);
        return;
    }
    buf_done(&raw.bytes);
    if ((rc == INVALID || rc == CONFLICT) && page.view)
        page_refused(x, &call, rc, rc_http_status(rc), NULL);
    else if (rc != OK)
        page_fault(x, rc);
    else if (page.view)
        page_draw(&page);
    else
        page_unknown(x);
}

static void home(struct exchange *x) {
    struct path_match match;
    bool has_today = action_route(S("GET"), S("/today"), &match) != NULL;
    x->request->answer.status = 303;
    answer_header(x->request, "Location", has_today ? S("/today") : S("/customers"));
}

/* A password an administrator gave must be changed before anything else. False when there is no page for it. */
static bool choose_password(struct exchange *x) {
    const struct action *change = action_find(S("me password"));
    const struct action *page = change ? page_of_form(change) : NULL;
    if (!page) return false;
    x->request->answer.status = 303;
    answer_header(x->request, "Location", str_from(page->path + 4));
    return true;
}

void page_answer(struct exchange *x) {
    struct request *r = x->request;
    if (gate_page(x)) return;
    if (!x->action && str_is(r->path, "/")) {
        home(x);
        return;
    }
    if (!x->action) {
        page_unknown(x);
        return;
    }
    if (!actor_may(x->cx->who, x->action->needs) && x->actor.must_change_password && choose_password(x)) return;
    if (!actor_may(x->cx->who, x->action->needs)) {
        (void)fail(x->cx, DENIED, "your role does not include this");
        if (x->actor.kind != ACTOR_NOBODY) identity_note_refused(x->cx, &x->app, x->action->verb);
        page_fault(x, DENIED);
        return;
    }
    if (str_is(r->method, "GET") || r->is_head)
        page_read(x);
    else
        page_write(x);
}

void page_show(struct exchange *x, const char *view, const struct value *data, int status, enum rc fault) {
    struct page p = {.x = x, .view = view, .data = data, .status = status, .fault = fault};
    page_draw(&p);
}
