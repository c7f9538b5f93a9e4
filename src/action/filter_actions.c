/* Keeping filters of the portfolio under a name, for oneself or for everybody, and beginning with one of them (REQ: E2). What a filter
 * shows is always what its reader may see: it is a query, not a list of customers. */
#include "action/filter.h"
#include "action/paging.h"
#include "action/person.h"
#include "filter_sql.h"

#define NAME_MOST 60

static enum rc need_person(struct ctx *cx) {
    if (cx->who && cx->who->kind == ACTOR_USER) return OK;
    return fail(cx, DENIED, "filters are kept by people who are signed in");
}

static enum rc put_filter_page(struct ctx *cx, struct json_writer *w, const char *key, Str list, struct page *page) {
    json_key(w, key);
    json_array(w);
    AUTO(filter_list_close) struct filter_list_cursor cursor = {0};
    TRY(filter_list_open(cx, &(struct filter_list_params){.user_id = cx->who ? cx->who->user_id : 0, .list = list, .after = page->rest, .after_id = page->after}, &cursor));
    for (;;) {
        struct filter_list_row r;
        bool more;
        TRY(filter_list_next(cx, &cursor, &r, &more));
        if (!more || !page_takes_named(page, arena_printf(cx->arena, "%lld", (long long)r.id), r.name)) break;
        json_object(w);
        json_put_i64(w, "id", r.id);
        json_put_str(w, "name", r.name);
        json_put_str(w, "query", r.query);
        json_put_bool(w, "shared", r.is_shared);
        json_put_bool(w, "mine", r.is_mine);
        json_put_bool(w, "default", r.is_default);
        TRY(put_actor(cx, w, arena_printf(cx->arena, "user:%lld", (long long)r.owner_id)));
        json_object_end(w);
    }
    json_array_end(w);
    return OK;
}

enum rc put_filters(struct ctx *cx, struct json_writer *w, const char *key, Str list) {
    return put_filter_page(cx, w, key, list, &(struct page){.limit = INT64_MAX});
}

enum rc filter_default(struct ctx *cx, Str list, Str *out_query) {
    struct filter_default_get_row row;
    bool found = false;
    *out_query = S("");
    if (!cx->who || cx->who->kind != ACTOR_USER) return OK;
    TRY(filter_default_get(cx, &(struct filter_default_get_params){.user_id = cx->who->user_id, .list = list}, &row, &found));
    if (found) *out_query = row.query;
    return OK;
}

static enum rc filter_list_run(struct ctx *cx, struct call *call) {
    struct page page;
    TRY(page_begin_named(cx, call, true, &page));
    json_object(call->out);
    TRY(put_filter_page(cx, call->out, "items", S("portfolio"), &page));
    page_put_next(call->out, &page);
    json_object_end(call->out);
    return OK;
}

const struct action filter_list_action = {
    .verb = "filter list",
    .path = "GET /filters",
    .summary = "List the filters of the portfolio one has kept, and those others share",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_READ,
    .params = PARAMS(PAGE_PARAMS_NAMED),
    .run = filter_list_run,
    .columns = "id name query shared default actor_name",
};

/* The members of the portfolio's address that were given, in one order. */
static Str query_of(struct ctx *cx, const struct call *call) {
    static const char *const names[] = {"state", "segment", "collector", "sort", "currency"};
    AUTO(buf_done) struct buf b = buf_make(2000);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        Str value = arg_text(call, names[i]);
        if (value.n == 0) continue;
        buf_printf(&b, "%s%s=", b.n ? "&" : "", names[i]);
        buf_add_url(&b, value);
    }
    return arena_str(cx->arena, buf_str(&b));
}

static enum rc filter_save_run(struct ctx *cx, struct call *call) {
    Str name = str_trim(arg_text(call, "name")), query = query_of(cx, call);
    struct filter_next_id_row next;
    TRY(need_person(cx));
    if (name.n == 0 || str_codepoints(name) > NAME_MOST)
        return fail_field(cx, INVALID, "name", NULL, "the name must have 1 to %d characters", NAME_MOST);
    TRY(filter_next_id(cx, &next));
    TRY(filter_put(cx, &(struct filter_put_params){.id = next.id,
                                                   .user_id = cx->who->user_id,
                                                   .list = S("portfolio"),
                                                   .name = name,
                                                   .query = query,
                                                   .is_shared = arg_flag(call, "shared")}));
    json_object(call->out);
    json_put_str(call->out, "name", name);
    json_put_str(call->out, "query", query);
    json_object_end(call->out);
    return OK;
}

const struct action filter_save_action = {
    .verb = "filter save",
    .path = "POST /filters",
    .summary = "Keep a filter of the portfolio under a name",
    .details = "Under a name of one's own that is taken it replaces what was kept. Whoever opens a shared filter sees the customers they may see.",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_WRITE,
    .params = PARAMS({"name", P_TEXT, REQUIRED | POSITIONAL, "what to call it", NULL},
                     {"state", P_CHOICE, OPTIONAL, "only these", "overdue|promised|disputed|held"},
                     {"segment", P_TEXT, OPTIONAL, "only of this segment", NULL},
                     {"collector", P_TEXT, OPTIONAL, "only this collector's", NULL},
                     {"sort", P_CHOICE, OPTIONAL, "the order", "overdue|open|oldest|name"},
                     {"currency", P_CURRENCY, OPTIONAL, "the currency of the sums", NULL},
                     {"shared", P_FLAG, OPTIONAL, "for everybody of the company", NULL}),
    .run = filter_save_run,
    .then = "/portfolio",
    .form = "portfolio",
};

static enum rc find_filter(struct ctx *cx, const struct call *call, struct filter_seen_row *out) {
    bool found;
    int64_t id = arg_int(call, "id", 0);
    TRY(need_person(cx));
    TRY(filter_seen(cx, &(struct filter_seen_params){.id = id, .user_id = cx->who->user_id}, out, &found));
    return found ? OK : fail_field(cx, NOT_FOUND, "id", "aldia filter list shows them", "there is no filter %lld", (long long)id);
}

static enum rc filter_remove_run(struct ctx *cx, struct call *call) {
    struct filter_seen_row row;
    int64_t id = arg_int(call, "id", 0);
    TRY(find_filter(cx, call, &row));
    if (!row.is_mine) return fail_field(cx, DENIED, "id", NULL, "only who made a filter can remove it");
    TRY(filter_forget_defaults(cx, &(struct filter_forget_defaults_params){.id = id}));
    TRY(filter_remove(cx, &(struct filter_remove_params){.id = id}));
    json_object(call->out);
    json_put_i64(call->out, "id", id);
    json_object_end(call->out);
    return OK;
}

const struct action filter_remove_action = {
    .verb = "filter remove",
    .path = "POST /filters/{id}/remove",
    .summary = "Remove a filter one has kept",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "of the filter", NULL}),
    .run = filter_remove_run,
    .then = "/portfolio?all=1",
    .form = "portfolio",
};

static enum rc filter_default_run(struct ctx *cx, struct call *call) {
    struct filter_seen_row row;
    int64_t id = arg_int(call, "id", 0);
    TRY(find_filter(cx, call, &row));
    if (arg_flag(call, "off"))
        TRY(filter_default_clear(cx, &(struct filter_default_clear_params){.user_id = cx->who->user_id, .list = S("portfolio")}));
    else
        TRY(filter_default_put(cx, &(struct filter_default_put_params){.user_id = cx->who->user_id, .list = S("portfolio"), .filter_id = id}));
    json_object(call->out);
    json_put_i64(call->out, "id", id);
    json_put_bool(call->out, "default", !arg_flag(call, "off"));
    json_object_end(call->out);
    return OK;
}

const struct action filter_default_action = {
    .verb = "filter default",
    .path = "POST /filters/{id}/default",
    .summary = "Begin the portfolio with a filter; --off: with all of it again",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "of the filter", NULL},
                     {"off", P_FLAG, OPTIONAL, "no longer", NULL}),
    .run = filter_default_run,
    .then = "/portfolio",
    .form = "portfolio",
};
