/* Tags compared at the last moment. */
#include "web/match.h"

const struct action *match_reader(struct exchange *x, Str path) {
    (void)x;
    struct path_match ignored;
    while (path.n > 1) {
        const struct action *a = action_route(S("GET"), path, &ignored);
        if (a) return a;
        while (path.n && path.p[path.n - 1] != '/') path.n--;
        if (path.n) path.n--;
    }
    return NULL;
}

static void to_buf(void *self, Str piece) { buf_add(self, piece); }

/* What the reader cannot do without, from the call that changes. */
static enum rc reader_params(struct ctx *cx, const struct match *m, struct call *call) {
    for (const struct param *p = m->reader->params; p->name; p++) {
        const struct param *same = param_find(m->form->action, str_from(p->name));
        if (same && param_is_needed(m->reader, p) && arg_has(m->form, same->name)) TRY(call_set(cx, call, p, arg_text(m->form, same->name)));
    }
    return params_limit(m->x, call, API_ROWS);
}

/* The value as it is now. With a transaction at hand the action runs in it. */
static enum rc read_now(struct ctx *cx, const struct match *m, struct call *call, Str *out_tag) {
    struct json_text text;
    AUTO(buf_done) struct buf body = buf_make((size_t)64 * 1024 * 1024);
    json_text_init(&text, to_buf, &body);
    call->out = &text.writer;
    enum rc rc = cx->tx ? call->action->run(cx, call) : call_run(cx, call);
    json_text_done(&text);
    TRY(rc);
    buf_add_char(&body, '\n');
    *out_tag = etag_of(m->x, buf_str(&body));
    return OK;
}

enum rc match_check(struct ctx *cx, struct match *m) {
    struct call call;
    Str tag;
    if (!m->wanted.p) return OK;
    if (!m->reader) return fail_field(cx, INVALID, "If-Match", NULL, "there is nothing to compare with here");
    if (cx->tx && m->reader->tx == TX_NONE) return OK; /* compared ahead of the transaction */
    call_prepare(m->x, m->reader, &call, NULL);
    TRY(reader_params(cx, m, &call));
    TRY(read_now(cx, m, &call, &tag));
    if (etag_listed(m->wanted, tag)) return OK;
    m->failed = true;
    return fail_field(cx, CONFLICT, NULL, "look at it as it is now, then decide again", "another person changed this meanwhile");
}
