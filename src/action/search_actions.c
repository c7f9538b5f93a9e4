/* Search from any page: customers, invoices, payments, what was written about them, and messages, in groups. Each group shows the first
 * ones and says how many there are; `in` shows one group alone. */
#include "action/person.h"
#include "action/desk.h"
#include "action/search.h"
#include "base/json.h"

#define SHOWN 8
#define TEXT_BEFORE 60
#define TEXT_AFTER 160
#define QUERY_MOST 200

/* ---- showing what matched ---- */

/* The last `most` bytes of a text, from the beginning of a word. */
static Str last_part(Str text, size_t most) {
    if (text.n <= most) return text;
    size_t from = text.n - most;
    while (from < text.n && text.p[from] != ' ') from++;
    return (Str){text.p + from, text.n - from};
}

static Str first_part(Str text, size_t most) {
    if (text.n <= most) return text;
    while (most > 0 && text.p[most] != ' ') most--;
    return (Str){text.p, most};
}

static void put_piece(struct json_writer *w, Str text, bool is_hit) {
    json_object(w);
    json_put_str(w, "text", text);
    json_put_bool(w, "hit", is_hit);
    json_object_end(w);
}

/* A text as pieces, those that matched apart; of a long one what stands around the first match. */
static void put_pieces(struct ctx *cx, struct json_writer *w, const char *key, const struct find_query *q, Str text) {
    struct find_piece *pieces;
    bool all;
    size_t n = find_mark(cx, q, text, &pieces, &all), told = 0;
    json_key(w, key);
    json_array(w);
    for (size_t i = 0; i < n; i++) {
        Str piece = pieces[i].text;
        bool cut_front = i == 0 && !pieces[i].is_hit && n > 1 && piece.n > TEXT_BEFORE;
        if (cut_front) piece = last_part(piece, TEXT_BEFORE);
        size_t room = told < TEXT_AFTER ? TEXT_AFTER - told : 0;
        bool cut_end = !pieces[i].is_hit && piece.n > room;
        if (cut_end) piece = first_part(piece, room);
        told += piece.n;
        put_piece(w, arena_printf(cx->arena, "%s%.*s%s", cut_front ? "…" : "", STR_ARG(piece), cut_end ? "…" : ""), pieces[i].is_hit);
        if (cut_end) break;
    }
    json_array_end(w);
}

static enum rc put_hit(struct ctx *cx, const struct app *app, struct json_writer *w, const char *group, const struct find_query *q,
                       const struct search_hit *h) {
    bool is_customer = str_is(str_from(group), "customers"), is_document = str_is(str_from(group), "documents");
    json_object(w);
    if (is_customer) {
        json_put_str(w, "code", h->code);
        json_put_str(w, "name", h->name);
        json_put_str(w, "matched", h->detail);
        put_pieces(cx, w, "code_pieces", q, h->code);
    } else {
        if (is_document) {
            json_put_str(w, "number", h->title);
            json_put_str(w, "reference", h->detail);
        } else {
            json_put_i64(w, "id", h->id);
            json_put_str(w, "text", h->title);
            json_put_str(w, "about", h->detail);
        }
        json_put_str(w, "customer", h->code);
        json_put_str(w, "name", h->name);
    }
    put_pieces(cx, w, "pieces", q, h->title);
    put_pieces(cx, w, "detail_pieces", q, h->detail);
    if (h->amount) {
        put_currency(w, "currency", h->currency);
        put_money(w, "amount", h->amount, h->currency);
    }
    if (!is_customer && !is_document) {
        json_put_str(w, "state", h->state);
        put_date(w, "date", h->date);
        put_local(w, "at", app, h->at);
        if (h->actor.n) TRY(put_actor(cx, w, h->actor));
    }
    json_object_end(w);
    return OK;
}

/* ---- the groups ---- */

static const struct group {
    const char *name;
    enum capability needs;
    enum rc (*look)(struct ctx *cx, const struct find_query *q, struct search_hits *out);
} groups[] = {
    {"customers", CAP_CUSTOMER_READ, search_customers}, {"documents", CAP_MONEY_READ, search_documents},
    {"payments", CAP_MONEY_READ, search_payments},      {"notes", CAP_CUSTOMER_READ, search_notes},
    {"cases", CAP_CUSTOMER_READ, search_cases},         {"messages", CAP_MESSAGE_READ, search_messages},
};
#define GROUPS "customers|documents|payments|notes|cases|messages"

static enum rc put_group(struct ctx *cx, const struct call *call, const struct group *g, const struct find_query *q,
                         const struct search_hits *hits, bool alone) {
    struct json_writer *w = call->out;
    size_t counted = hits->found.count > SEARCH_COUNTED ? SEARCH_COUNTED : hits->found.count;
    size_t shown = alone || counted < SHOWN ? counted : SHOWN;
    const char *count_key = arena_printf(cx->arena, "%s_count", g->name).p, *more_key = arena_printf(cx->arena, "%s_more", g->name).p,
               *rest_key = arena_printf(cx->arena, "%s_rest", g->name).p;
    json_key(w, g->name);
    json_array(w);
    for (size_t i = 0; i < shown; i++) TRY(put_hit(cx, call->app, w, g->name, q, &hits->found.items[i]));
    json_array_end(w);
    json_put_i64(w, count_key, (int64_t)counted);
    json_put_bool(w, more_key, hits->found.count > SEARCH_COUNTED);
    json_put_bool(w, rest_key, shown < counted);
    return OK;
}

/* Searches what the caller may see, and writes it. */
static enum rc look_through(struct ctx *cx, const struct call *call, const struct find_query *q, Str in) {
    struct search_hits hits[COUNT_OF(groups)] = {0};
    int64_t count = 0;
    for (size_t i = 0; i < COUNT_OF(groups); i++) {
        if (!actor_may(cx->who, groups[i].needs) || (in.n && !str_is(in, groups[i].name))) continue;
        TRY(groups[i].look(cx, q, &hits[i]));
        count += (int64_t)hits[i].found.count;
    }
    if (count == 0 && (!in.n || str_is(in, groups[0].name))) {
        TRY(search_within_names(cx, q, &hits[0]));
        count = (int64_t)hits[0].found.count;
    }
    for (size_t i = 0; i < COUNT_OF(groups); i++) TRY(put_group(cx, call, &groups[i], q, &hits[i], in.n > 0));
    json_put_i64(call->out, "count", count);
    return OK;
}

/* Begins a reading transaction in which every word there is can be found; an older database gets its words now. */
static enum rc begin(struct ctx *cx, struct app *app) {
    bool ready;
    TRY(tx_begin(cx, app->db, TX_READ));
    TRY(find_is_ready(cx, &ready));
    if (ready) return OK;
    TRY(tx_commit(cx));
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_WRITE));
    TRY(find_make(cx));
    TRY(tx_commit(scope));
    return tx_begin(cx, app->db, TX_READ);
}

static enum rc search_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct find_query q;
    Str text = str_trim(arg_text(call, "q")), in = arg_text(call, "in");
    if (text.n > QUERY_MOST) return fail_field(cx, INVALID, "q", "a few words are enough", "the text to look for is too long");
    find_query_read(cx, text, &q);
    json_object(w);
    json_put_str(w, "q", text);
    json_put_str(w, "in", in);
    if (text.n) {
        AUTO(tx_end) struct ctx *scope = cx;
        TRY(begin(cx, call->app));
        TRY(look_through(cx, call, &q, in));
        TRY(tx_commit(scope));
    } else {
        json_put_i64(w, "count", 0);
    }
    json_object_end(w);
    return OK;
}

const struct action search_action = {
    .verb = "search",
    .path = "GET /search",
    .summary = "Find customers, invoices, payments, notes, cases and messages",
    .details = "By words of names, codes, tax ids, addresses and telephone numbers; by numbers and references of invoices and "
               "payments; by words of notes and of the reasons of disputes and holds; by the id of a message. Capitals and accents do "
               "not matter. Each group is counted up to fifty.",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_NONE,
    .params = PARAMS({"q", P_TEXT, OPTIONAL | POSITIONAL, "what to look for", NULL},
                     {"in", P_CHOICE, OPTIONAL, "only this group, all of it", GROUPS}),
    .run = search_run,
    .view = "search",
    .columns = "customers: code name matched; documents: number reference customer name amount; payments: date text customer amount; "
               "notes: at text customer actor_name; cases: at state text customer; messages: id state text customer",
};
