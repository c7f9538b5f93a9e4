/* Forms: a POST runs an action and sends the browser on, or shows the form again.
 *
 * A form says in its hidden if_match what its fields held when it was read (form.h); what it changes is read and its page drawn again
 * within the transaction that changes it, so that between look and deed nobody else comes. */
#include <string.h>

#include "web/page.h"

#include "core/locale.h"

static const struct value *member(const struct value *object, Str name) {
    const struct value *v = object && object->kind == VALUE_OBJECT ? object->child : NULL;
    while (v && !str_equal(v->key, name)) v = v->next;
    return v;
}

/* "/customers/{code}" with parameters, else members of the result. False when one is missing. */
static bool fill_path(const struct call *call, const struct value *result, const char *pattern, struct buf *out) {
    for (Str rest = str_from(pattern); rest.p;) {
        buf_add(out, str_cut(&rest, '{'));
        if (!rest.p) return true;
        Str name = str_cut(&rest, '}');
        const struct param *p = param_find(call->action, name);
        const struct value *v = member(result, name);
        if (p && arg_has(call, p->name))
            buf_add_url(out, arg_text(call, p->name));
        else if (v && (v->kind == VALUE_TEXT || v->kind == VALUE_NUMBER))
            buf_add_url(out, v->text);
        else
            return false;
    }
    return true;
}

const struct action *page_of_form(const struct action *a) {
    const struct action *page = a->form ? action_find(str_from(a->form)) : NULL;
    return page && page->view && page->path && strncmp(page->path, "GET ", 4) == 0 ? page : NULL;
}

static void go_on(struct exchange *x, const struct call *call, const struct value *result) {
    struct request *r = x->request;
    const struct action *page = page_of_form(call->action);
    const char *pattern = call->proposal ? "/proposals" : call->action->then ? call->action->then : page ? page->path + 4 : "/";
    AUTO(buf_done) struct buf to = buf_make(4096);
    if (!fill_path(call, result, pattern, &to)) {
        buf_clear(&to);
        buf_add(&to, S("/today")); /* nothing comes next: back to the queue */
    }
    buf_add_char(&to, str_index(buf_str(&to), '?') < to.n ? '&' : '?');
    buf_add(&to, S("done="));
    buf_add(&to, call->proposal ? S("proposed") : page_underscored(x->cx, call->action->verb));
    r->answer.status = 303;
    answer_header(r, "Location", arena_str(r->arena, buf_str(&to)));
}

/* What the page of a form cannot do without, from what the form was sent with. A form that does what the page shows carries all that
 * the page was asked with: a look at what it would do, "/imports/{id}" and "/imports/{id}/book". */
static enum rc reader_params(struct ctx *cx, struct exchange *x, const struct call *form, bool is_check, struct call *page) {
    const struct action *a = page->action;
    Str to = str_from(form->action->path), post = S("POST ");
    bool of_same = !is_check && str_starts(to, post) && str_starts((Str){to.p + post.n, to.n - post.n}, str_from(a->path + strlen("GET ")));
    Str page_of = fields_get(&x->request->form, "customer"); /* says whose page a form stands on */
    for (const struct param *p = a->params; p->name; p++) {
        Str name = str_from(p->name);
        bool is_code = str_is(name, "code");
        const struct param *same = param_find(form->action, name);
        if (!same && is_code) same = param_find(form->action, S("customer")); /* a form on the customer's page */
        bool needed = of_same || is_code || param_is_needed(a, p);
        for (size_t i = 0; same && needed && i < arg_count(form, same->name); i++) TRY(call_set(cx, page, p, arg_nth(form, same->name, i)));
        if (is_code && page_of.n && !arg_has(page, p->name)) TRY(call_set(cx, page, p, page_of));
    }
    return params_limit(x, page, PAGE_ROWS);
}

/* The address of the page a form stood on, as the form or else the browser tells it; without what was done before. */
static Str stood_at(struct exchange *x) {
    struct request *r = x->request;
    Str told = fields_get(&r->form, "form_page"), from = told.n ? told : fields_header(&r->headers, "Referer");
    const char *host = told.n || from.n == 0 ? NULL : memmem(from.p, from.n, "://", 3);
    if (host) {
        from.n -= (size_t)(host + 3 - from.p);
        from.p = host + 3;
        size_t slash = str_index(from, '/');
        from = (Str){from.p + slash, from.n - slash};
    }
    return from.n && from.p[0] == '/' ? from : S("");
}

/* That page, read again as it was asked for. A look beforehand is none: what is to be mended stands on the page before it. */
static enum rc load_where_it_stood(struct exchange *x, struct page *page, Str path, const struct fields *query) {
    struct path_match match, before = x->match;
    struct call call;
    const struct action *a = action_route(S("GET"), path, &match);
    if (!a || !a->view || !actor_may(x->cx->who, a->needs)) return NOT_FOUND;
    if (a->form && page_of_form(a) != a) return NOT_FOUND;
    call_prepare(x, a, &call, NULL);
    x->match = match;
    enum rc rc = params_from_path(x, &call);
    if (rc == OK) rc = params_from_fields(x, &call, query, false);
    x->match = before;
    page->action = a;
    page->view = a->view;
    if (rc == OK) rc = params_limit(x, &call, PAGE_ROWS);
    return rc == OK ? page_load(x, &call, page) : rc;
}

/* The declared page of the form. */
static enum rc load_declared(struct exchange *x, struct page *page) {
    struct call call;
    const struct action *a = page_of_form(page->form->action);
    if (page->form_is_get && !a) a = page->form->action;
    if (!a || !actor_may(x->cx->who, a->needs)) return NOT_FOUND;
    page->action = a;
    page->view = a->view;
    call_prepare(x, a, &call, NULL);
    TRY(reader_params(x->cx, x, page->form, page->changes != NULL, &call));
    return page_load(x, &call, page);
}

static struct fields without_done(struct exchange *x, const struct fields *all) {
    struct fields kept = {0};
    for (size_t i = 0; i < all->count; i++)
        if (!str_is(all->items[i].name, "done")) fields_add(x->cx->arena, &kept, all->items[i].name, all->items[i].value);
    return kept;
}

void page_refused(struct exchange *x, const struct call *form, enum rc rc, int status, const struct form_changes *changes) {
    struct request *r = x->request;
    struct fault fault = x->cx->fault;
    const struct fields sent = str_is(r->method, "POST") ? r->form : r->query, query_before = r->query;
    Str given = fields_get(&sent, "if_match"), path_before = r->path, query_text = stood_at(x), path = str_cut(&query_text, '?');
    struct page page = {.x = x, .status = status, .form = form, .fault = rc, .changes = changes, .tag = changes ? changes->tag : given, .form_is_get = !str_is(r->method, "POST"), .form_to = r->path, .sent = &sent};
    struct fields query = {0};
    enum rc loaded = path.n && !changes ? fields_parse(x->cx, query_text, &query) : NOT_FOUND;
    query = without_done(x, &query);
    if (loaded == OK) loaded = load_where_it_stood(x, &page, path, &query);
    if (loaded == OK) {
        r->path = path; /* the page is drawn as of its own address */
        r->query = query;
    } else {
        loaded = load_declared(x, &page);
    }
    x->cx->fault = fault;
    if (loaded == OK)
        page_draw(&page);
    else
        page_fault(x, rc);
    r->path = path_before;
    r->query = query_before;
}

/* ---- two people with one form open ---- */

struct guard {
    struct exchange *x;
    Str wanted; /* if_match; empty: none */
    const struct action *reader;
    struct call *form;
    struct form_changes changes;
    bool failed;
};

/* The page of the form as it is now; with a transaction at hand the action runs in it. */
static enum rc draw_now(struct ctx *cx, const struct guard *g, struct buf *out) {
    struct json_tree tree;
    struct call call;
    AUTO(arena_release) struct arena *own = arena_new(); /* actions rewind theirs between rows */
    struct page page = {.x = g->x, .action = g->reader, .view = g->reader->view, .status = 200};
    json_tree_init(&tree, own);
    call_prepare(g->x, g->reader, &call, &tree.writer);
    TRY(reader_params(cx, g->x, g->form, true, &call));
    TRY(cx->tx ? g->reader->run(cx, &call) : call_run(cx, &call));
    page.data = tree.root;
    return page_content(&page, out);
}

/* CONFLICT when another person changed what the form would overwrite. */
static enum rc guard_check(struct ctx *cx, struct guard *g) {
    AUTO(buf_done) struct buf page = buf_make(PAGE_MAX);
    if (g->wanted.n == 0 || !g->reader) return OK;
    if (cx->tx && g->reader->tx == TX_NONE) return OK; /* compared ahead of the transaction */
    TRY(draw_now(cx, g, &page));
    form_compare(g->x->request->arena, buf_str(&page), g->wanted, &g->x->request->form, &g->changes);
    if (!g->changes.is_gone && g->changes.items.count == 0) return OK;
    g->failed = true;
    return fail_field(cx, CONFLICT, NULL, "what you typed is still here: save again to put it in place of theirs", "another person changed this meanwhile");
}

static enum rc before_form(struct ctx *cx, struct call *call, void *self) {
    (void)call;
    return guard_check(cx, self);
}

void page_write(struct exchange *x) {
    struct request *r = x->request;
    struct call call;
    struct guard guard = {.x = x, .wanted = x->action->edits ? fields_get(&r->form, "if_match") : S(""), .reader = page_of_form(x->action), .form = &call};
    struct json_tree tree;
    struct raw_answer raw = {.request = r, .x = x, .bytes = buf_make(RAW_MAX)};
    json_tree_init(&tree, x->cx->arena);
    call_prepare(x, x->action, &call, &tree.writer);
    call.raw = raw_take;
    call.progress = progress_take;
    call.self = &raw;
    call.before = before_form;
    call.hook_self = &guard;
    enum rc rc = gate_check_form(x);
    if (rc == OK) rc = params_from_path(x, &call);
    if (rc != OK) {
        page_fault(x, rc);
        return;
    }
    rc = params_from_fields(x, &call, &r->form, false);
    if (rc == OK) rc = params_from_uploads(x, &call);
    bool apart = guard.reader && (x->action->tx == TX_NONE || guard.reader->tx == TX_NONE);
    if (rc == OK && apart) rc = guard_check(x->cx, &guard);
    if (rc == OK) rc = page_run(x, &call);
    if (rc == OK) gate_new_session(x, &call);
    if (rc == OK && raw.given) {
        send_raw(x, &call, &raw);
        return;
    }
    buf_done(&raw.bytes);
    if (rc == OK && x->action->view && !call.proposal)
        page_draw(&(struct page){.x = x, .action = x->action, .view = x->action->view, .data = tree.root, .status = 200, .tag = fields_get(&r->form, "if_match")});
    else if (rc == OK)
        go_on(x, &call, tree.root);
    else if (rc == INVALID || rc == CONFLICT || rc == NOT_FOUND)
        page_refused(x, &call, rc, guard.failed ? 412 : rc_http_status(rc), guard.failed ? &guard.changes : NULL);
    else
        page_fault(x, rc);
}

/* ---- the finished page ---- */

/* What a form that edits says it was read from. */
static Str tag_of(const struct page *p, Str html, struct html_form *f, bool is_refused) {
    struct exchange *x = p->x;
    struct path_match ignored;
    const struct action *a = action_route(f->is_get ? S("GET") : S("POST"), f->action, &ignored);
    if (!a || !a->edits) return S("");
    if (p->tag.n && (is_refused || !p->form || str_equal(f->action, p->form_to))) return p->tag;
    if (!p->action || page_of_form(a) != p->action) return S("");
    form_read(x->request->arena, html, f);
    return form_tag(x->request->arena, f);
}

/* A refused form remembers the page it stands on, whose address the browser no longer has. */
static void keep_page(const struct page *p, const struct html_form *f, struct splices *splices) {
    struct request *r = p->x->request;
    if (f->is_get || str_equal(r->path, p->form_to)) return;
    struct buf b = buf_make(32768);
    buf_add(&b, S("<input type=\"hidden\" name=\"form_page\" value=\""));
    buf_add_html(&b, r->path);
    for (size_t i = 0; i < r->query.count; i++) {
        buf_add(&b, i ? S("&amp;") : S("?"));
        buf_add_url(&b, r->query.items[i].name);
        buf_add_char(&b, '=');
        buf_add_url(&b, r->query.items[i].value);
    }
    buf_add(&b, S("\">"));
    splice_add(r->arena, splices, f->tag_end, 0, arena_str(r->arena, buf_str(&b)));
    buf_done(&b);
}

void page_dress(const struct page *p, struct buf *page) {
    struct exchange *x = p->x;
    struct request *r = x->request;
    struct arena *arena = r->arena;
    struct splices splices = {0};
    Str html = buf_str(page);
    struct html_form f, refused_form = {0};
    bool is_refused = false;
    if (p->form) {
        struct form_refused refused = {.path = p->form_to, .is_get = p->form_is_get, .sent = p->sent, .field = str_from(x->cx->fault.field), .message = page_fault_message(x), .changes = p->changes};
        struct form_words words = {.lang = str_from(x->cx->lang), .may_focus = !str_is(fields_header(&r->headers, "HX-Request-Type"), "partial")};
        is_refused = form_find_refused(arena, html, &refused, &refused_form);
        form_mark(arena, &words, html, &refused, is_refused ? &refused_form : NULL, &splices);
    }
    for (size_t at = 0; form_next(arena, html, &at, &f);) {
        Str tag = tag_of(p, html, &f, is_refused && f.tag == refused_form.tag);
        if (p->form) keep_page(p, &f, &splices);
        if (tag.n) splice_add(arena, &splices, f.tag_end, 0, arena_printf(arena, "<input type=\"hidden\" name=\"if_match\" value=\"%.*s\">", STR_ARG(tag)));
    }
    if (splices.items.count == 0) return;
    AUTO(buf_done) struct buf dressed = buf_make(PAGE_MAX);
    splices_apply(&splices, html, &dressed);
    if (!buf_ok(&dressed)) return;
    buf_clear(page);
    buf_add(page, buf_str(&dressed));
}
