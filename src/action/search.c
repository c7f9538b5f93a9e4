/* Looking through each group, by ranges of indexes that are cut short: of several words the rarest leads, the others are looked for in the
 * rows it leads to. */
#include "action/search.h"

#include "finding_sql.h"

#define REACH 3000      /* rows a word is followed to when not every one of them counts */
#define REACH_PLAIN 120 /* when each does: a few more than are shown, as a row may have two words that begin alike */
#define CANDIDATES 500  /* rows whose text is looked at for the other words */
#define TAIL_DIGITS 8

/* The first text that does not begin with `text`. */
static Str end_of(struct ctx *cx, Str text) { return arena_printf(cx->arena, "%.*s\xf4\x8f\xbf\xbf", STR_ARG(text)); }

static Str capitals(struct ctx *cx, Str text) {
    char *copy = arena_cstr(cx->arena, text);
    for (char *c = copy; *c; c++)
        if (*c >= 'a' && *c <= 'z') *c = (char)(*c - 'a' + 'A');
    return str_from(copy);
}

static bool is_full(const struct search_hits *hits) { return hits->found.count > SEARCH_COUNTED; }

/* NULL when it is there already, or nothing more is wanted. */
static struct search_hit *add_hit(struct ctx *cx, struct search_hits *hits, int64_t id, Str state) {
    for (size_t i = 0; i < hits->found.count; i++)
        if (hits->found.items[i].id == id && str_equal(hits->found.items[i].state, state)) return NULL;
    if (is_full(hits)) return NULL;
    struct search_hit *h = VEC_PUSH(cx->arena, &hits->found);
    *h = (struct search_hit){.id = id, .state = state};
    return h;
}

static bool has_all(struct ctx *cx, const struct find_query *q, Str text) {
    struct find_piece *pieces;
    bool all;
    (void)find_mark(cx, q, text, &pieces, &all);
    return all;
}

/* One letter says too little to go through words for. */
static bool is_letter(const struct find_query *q) { return q->compact.n < 2; }

static int64_t reach(const struct ctx *cx, const struct find_query *q) { return q->count <= 1 && cx->view.all ? REACH_PLAIN : REACH; }

static int64_t candidates(const struct find_query *q) { return q->count <= 1 ? SEARCH_COUNTED + 1 : CANDIDATES; }

/* The word fewest rows of the kind begin with. */
static enum rc rarest(struct ctx *cx, enum find_kind kind, const struct find_query *q, size_t *out_index) {
    int64_t least = INT64_MAX;
    *out_index = 0;
    for (size_t i = 0; i < q->count && q->count > 1; i++) {
        struct search_word_spread_row row;
        struct find_name_spread_row names = {0};
        Str word = q->tokens[i], end = end_of(cx, word);
        TRY(search_word_spread(cx, &(struct search_word_spread_params){.kind = kind, .from = word, .until = end, .limit = REACH + 1}, &row));
        if (kind == FIND_NAME)
            TRY(find_name_spread(cx, &(struct find_name_spread_params){.from = word, .until = end, .limit = REACH + 1}, &names));
        if (row.count + names.count >= least) continue;
        least = row.count + names.count;
        *out_index = i;
    }
    return OK;
}

/* ---- customers ---- */

static void add_customer(struct ctx *cx, struct search_hits *hits, const struct find_by_name_row *r) {
    struct search_hit *h = add_hit(cx, hits, r->id, S(""));
    if (!h) return;
    h->code = arena_str(cx->arena, r->code);
    h->name = arena_str(cx->arena, r->name);
    h->title = h->name;
    h->detail = arena_str(cx->arena, r->tax_id);
}

static enum rc by_name(struct ctx *cx, Str begin, Str second, Str third, struct search_hits *hits) {
    struct find_by_name_params p = {.from = begin,
                                    .until = end_of(cx, begin),
                                    .second = second,
                                    .third = third,
                                    .reach = second.n == 0 && cx->view.all ? REACH_PLAIN : REACH,
                                    .limit = SEARCH_COUNTED + 1};
    if (is_full(hits)) return OK;
    AUTO(find_by_name_close) struct find_by_name_cursor cursor = {0};
    TRY(find_by_name_open(cx, &p, &cursor));
    for (;;) {
        struct find_by_name_row r;
        bool more;
        TRY(find_by_name_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        add_customer(cx, hits, &r);
    }
}

static enum rc by_code(struct ctx *cx, Str begin, struct search_hits *hits) {
    struct find_by_code_params p = {.from = begin, .until = end_of(cx, begin), .limit = SEARCH_COUNTED + 1};
    AUTO(find_by_code_close) struct find_by_code_cursor cursor = {0};
    TRY(find_by_code_open(cx, &p, &cursor));
    for (;;) {
        struct find_by_name_row r;
        bool more;
        TRY(find_by_code_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        add_customer(cx, hits, &r);
    }
}

static enum rc by_word(struct ctx *cx, enum find_kind kind, Str word, Str second, Str third, struct search_hits *hits) {
    struct find_by_word_params p = {.kind = kind,
                                    .from = word,
                                    .until = end_of(cx, word),
                                    .second = second,
                                    .third = third,
                                    .reach = second.n == 0 && cx->view.all ? REACH_PLAIN : REACH,
                                    .limit = SEARCH_COUNTED + 1};
    if (is_full(hits)) return OK;
    AUTO(find_by_word_close) struct find_by_word_cursor cursor = {0};
    TRY(find_by_word_open(cx, &p, &cursor));
    for (;;) {
        struct find_by_name_row r;
        bool more;
        TRY(find_by_word_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        add_customer(cx, hits, &r);
    }
}

static enum rc by_contact(struct ctx *cx, enum find_kind kind, Str word, const struct find_query *q, struct search_hits *hits) {
    struct find_contacts_params p = {
        .kind = kind, .from = word, .until = end_of(cx, word), .reach = reach(cx, q), .limit = candidates(q)};
    if (is_full(hits)) return OK;
    AUTO(find_contacts_close) struct find_contacts_cursor cursor = {0};
    TRY(find_contacts_open(cx, &p, &cursor));
    for (;;) {
        struct find_contacts_row r;
        bool more;
        TRY(find_contacts_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        if (kind == FIND_PERSON && !has_all(cx, q, r.name)) continue;
        struct search_hit *h = add_hit(cx, hits, r.customer_id, S(""));
        if (!h) continue;
        h->code = arena_str(cx->arena, r.customer_code);
        h->name = arena_str(cx->arena, r.customer_name);
        h->title = h->name;
        h->detail = kind == FIND_PERSON  ? arena_str(cx->arena, r.name)
                    : kind == FIND_EMAIL ? arena_str(cx->arena, r.email)
                                         : arena_str(cx->arena, r.phone.n ? r.phone : r.whatsapp);
    }
}

/* By the words of the name: the rarest leads, wherever it stands; two more are looked for in the name. */
static enum rc by_words(struct ctx *cx, const struct find_query *q, struct search_hits *hits) {
    size_t lead;
    Str others[2] = {S(""), S("")};
    TRY(rarest(cx, FIND_NAME, q, &lead));
    for (size_t i = 0, n = 0; i < q->count && n < 2; i++)
        if (i != lead) others[n++] = q->tokens[i];
    if (q->count > 1) TRY(by_name(cx, q->tokens[lead], others[0], others[1], hits));
    return by_word(cx, FIND_NAME, q->tokens[lead], others[0], others[1], hits);
}

/* What the four ranges of words found is only kept when the name has every word asked for. */
static void drop_partial(struct ctx *cx, const struct find_query *q, struct search_hits *hits, size_t from) {
    size_t kept = from;
    for (size_t i = from; i < hits->found.count; i++)
        if (q->count < 4 || has_all(cx, q, hits->found.items[i].title)) hits->found.items[kept++] = hits->found.items[i];
    hits->found.count = kept;
}

enum rc search_customers(struct ctx *cx, const struct find_query *q, struct search_hits *out) {
    size_t lead;
    TRY(by_code(cx, capitals(cx, q->text), out));
    if (q->count == 0) return OK;
    TRY(by_name(cx, q->folded, S(""), S(""), out));
    if (is_letter(q)) return OK;
    size_t from = out->found.count;
    TRY(by_words(cx, q, out));
    drop_partial(cx, q, out, from);
    if (q->compact.n >= 3) TRY(by_word(cx, FIND_TAX_ID, q->compact, S(""), S(""), out));
    if (q->folded.n >= 3) TRY(by_contact(cx, FIND_EMAIL, q->folded, q, out));
    if (q->digits.n >= 5) {
        Str tail = q->digits.n > TAIL_DIGITS ? (Str){q->digits.p + q->digits.n - TAIL_DIGITS, TAIL_DIGITS} : q->digits;
        char turned[TAIL_DIGITS];
        for (size_t i = 0; i < tail.n; i++) turned[i] = tail.p[tail.n - 1 - i];
        TRY(by_contact(cx, FIND_PHONE, arena_str(cx->arena, (Str){turned, tail.n}), q, out));
    }
    TRY(rarest(cx, FIND_PERSON, q, &lead));
    return by_contact(cx, FIND_PERSON, q->tokens[lead], q, out);
}

enum rc search_within_names(struct ctx *cx, const struct find_query *q, struct search_hits *out) {
    AUTO(find_within_name_close) struct find_within_name_cursor cursor = {0};
    if (q->count != 1 || q->tokens[0].n < 3) return OK;
    TRY(find_within_name_open(cx, &(struct find_within_name_params){.text = q->tokens[0], .limit = SEARCH_COUNTED + 1}, &cursor));
    for (;;) {
        struct find_by_name_row r;
        bool more;
        TRY(find_within_name_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        add_customer(cx, out, &r);
    }
}

/* ---- documents ---- */

static void add_document(struct ctx *cx, struct search_hits *hits, const struct find_documents_row *r) {
    struct search_hit *h = add_hit(cx, hits, r->id, S(""));
    if (!h) return;
    h->code = arena_str(cx->arena, r->customer_code);
    h->name = arena_str(cx->arena, r->customer_name);
    h->title = arena_str(cx->arena, r->number);
    h->detail = arena_str(cx->arena, r->reference);
    h->currency = r->currency;
    h->amount = r->amount;
}

static enum rc documents_by_word(struct ctx *cx, Str word, const struct find_query *q, struct search_hits *hits) {
    struct find_documents_by_word_params p = {
        .kind = FIND_DOCUMENT, .from = word, .until = end_of(cx, word), .reach = reach(cx, q), .limit = candidates(q)};
    if (is_full(hits)) return OK;
    AUTO(find_documents_by_word_close) struct find_documents_by_word_cursor cursor = {0};
    TRY(find_documents_by_word_open(cx, &p, &cursor));
    for (;;) {
        struct find_documents_row r;
        bool more;
        TRY(find_documents_by_word_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        if (has_all(cx, q, r.reference)) add_document(cx, hits, &r);
    }
}

static enum rc documents_by_number(struct ctx *cx, Str begin, struct search_hits *hits) {
    AUTO(find_documents_close) struct find_documents_cursor cursor = {0};
    TRY(find_documents_open(cx, &(struct find_documents_params){.from = begin, .until = end_of(cx, begin), .limit = SEARCH_COUNTED + 1}, &cursor));
    for (;;) {
        struct find_documents_row r;
        bool more;
        TRY(find_documents_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        add_document(cx, hits, &r);
    }
}

static enum rc documents_by_tail(struct ctx *cx, Str digits, struct search_hits *hits) {
    AUTO(find_documents_by_tail_close) struct find_documents_by_tail_cursor cursor = {0};
    while (digits.n > 1 && digits.p[0] == '0') digits = (Str){digits.p + 1, digits.n - 1};
    TRY(find_documents_by_tail_open(cx, &(struct find_documents_by_tail_params){.digits = digits, .limit = SEARCH_COUNTED + 1}, &cursor));
    for (;;) {
        struct find_documents_row r;
        bool more;
        TRY(find_documents_by_tail_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        add_document(cx, hits, &r);
    }
}

enum rc search_documents(struct ctx *cx, const struct find_query *q, struct search_hits *out) {
    size_t lead;
    if (q->count == 0) return OK;
    if (q->digits.n) TRY(documents_by_tail(cx, q->digits, out));
    TRY(documents_by_number(cx, capitals(cx, q->text), out));
    if (is_letter(q)) return OK;
    if (q->number.n) TRY(documents_by_word(cx, q->number, q, out));
    TRY(rarest(cx, FIND_DOCUMENT, q, &lead));
    TRY(documents_by_word(cx, q->tokens[lead], q, out));
    return q->count > 1 ? documents_by_word(cx, q->compact, q, out) : OK;
}

/* ---- payments ---- */

static enum rc payments_by_word(struct ctx *cx, Str word, const struct find_query *q, struct search_hits *hits) {
    struct find_payments_params p = {
        .kind = FIND_PAYMENT, .from = word, .until = end_of(cx, word), .reach = reach(cx, q), .limit = candidates(q)};
    if (is_full(hits)) return OK;
    AUTO(find_payments_close) struct find_payments_cursor cursor = {0};
    TRY(find_payments_open(cx, &p, &cursor));
    for (;;) {
        struct find_payments_row r;
        bool more;
        TRY(find_payments_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        bool by_reference = has_all(cx, q, r.reference);
        if (!by_reference && !has_all(cx, q, r.external_id)) continue;
        struct search_hit *h = add_hit(cx, hits, r.id, r.has_reversed_seq ? S("reversed") : S(""));
        if (!h) continue;
        h->code = arena_str(cx->arena, r.customer_code);
        h->name = arena_str(cx->arena, r.customer_name);
        h->title = arena_str(cx->arena, by_reference ? r.reference : r.external_id);
        h->date = r.date;
        h->currency = r.currency;
        h->amount = r.amount;
    }
}

enum rc search_payments(struct ctx *cx, const struct find_query *q, struct search_hits *out) {
    size_t lead;
    if (q->count == 0 || is_letter(q)) return OK;
    if (q->number.n) TRY(payments_by_word(cx, q->number, q, out));
    TRY(rarest(cx, FIND_PAYMENT, q, &lead));
    TRY(payments_by_word(cx, q->tokens[lead], q, out));
    return q->count > 1 ? payments_by_word(cx, q->compact, q, out) : OK;
}

/* ---- what people wrote ---- */

enum rc search_notes(struct ctx *cx, const struct find_query *q, struct search_hits *out) {
    size_t lead;
    if (q->count == 0 || is_letter(q)) return OK;
    TRY(rarest(cx, FIND_NOTE, q, &lead));
    Str word = q->tokens[lead];
    struct find_notes_params p = {
        .kind = FIND_NOTE, .from = word, .until = end_of(cx, word), .reach = reach(cx, q), .limit = candidates(q)};
    AUTO(find_notes_close) struct find_notes_cursor cursor = {0};
    TRY(find_notes_open(cx, &p, &cursor));
    while (!is_full(out)) {
        struct find_notes_row r;
        bool more;
        TRY(find_notes_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        Str text = arena_str(cx->arena, find_note_text(cx, arena_str(cx->arena, r.data)));
        if (!has_all(cx, q, text)) continue;
        struct search_hit *h = add_hit(cx, out, r.seq, S(""));
        if (!h) continue;
        h->code = arena_str(cx->arena, r.customer_code);
        h->name = arena_str(cx->arena, r.customer_name);
        h->title = text;
        h->at = r.at;
        h->actor = arena_str(cx->arena, r.actor);
    }
    return OK;
}

static void add_case(struct ctx *cx, struct search_hits *hits, const struct find_disputes_row *r, Str state) {
    struct search_hit *h = add_hit(cx, hits, r->id, state);
    if (!h) return;
    h->code = arena_str(cx->arena, r->customer_code);
    h->name = arena_str(cx->arena, r->customer_name);
    h->title = arena_str(cx->arena, r->reason);
    h->detail = arena_str(cx->arena, r->number);
    h->at = r->at;
    h->actor = arena_str(cx->arena, r->actor);
}

static enum rc search_reasons(struct ctx *cx, const struct find_query *q, bool of_holds, struct search_hits *out) {
    enum find_kind kind = of_holds ? FIND_HOLD : FIND_DISPUTE;
    size_t lead;
    TRY(rarest(cx, kind, q, &lead));
    Str word = q->tokens[lead];
    const struct find_disputes_params p = {
        .kind = kind, .from = word, .until = end_of(cx, word), .reach = reach(cx, q), .limit = candidates(q)};
    AUTO(find_disputes_close) struct find_disputes_cursor cursor = {0};
    TRY(of_holds ? find_holds_open(cx, &p, &cursor) : find_disputes_open(cx, &p, &cursor));
    for (;;) {
        struct find_disputes_row r;
        bool more;
        TRY(find_disputes_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        bool lasts = instant_is_none(r.ended_at);
        Str state = of_holds ? (lasts ? S("held") : S("hold_ended")) : lasts ? S("disputed") : S("dispute_closed");
        if (has_all(cx, q, r.reason)) add_case(cx, out, &r, state);
    }
}

enum rc search_cases(struct ctx *cx, const struct find_query *q, struct search_hits *out) {
    if (q->count == 0 || is_letter(q)) return OK;
    TRY(search_reasons(cx, q, false, out));
    return search_reasons(cx, q, true, out);
}

/* ---- messages ---- */

enum rc search_messages(struct ctx *cx, const struct find_query *q, struct search_hits *out) {
    struct find_messages_params p = {.message_id = q->text, .limit = SEARCH_COUNTED + 1};
    if (p.message_id.n > 2 && p.message_id.p[0] == '<' && p.message_id.p[p.message_id.n - 1] == '>')
        p.message_id = (Str){p.message_id.p + 1, p.message_id.n - 2};
    Str number = q->text.n && q->text.p[0] == '#' ? (Str){q->text.p + 1, q->text.n - 1} : q->text;
    if (!str_to_i64(number, &p.id) && str_index(p.message_id, '@') == p.message_id.n) return OK;
    AUTO(find_messages_close) struct find_messages_cursor cursor = {0};
    TRY(find_messages_open(cx, &p, &cursor));
    for (;;) {
        struct find_messages_row r;
        bool more;
        TRY(find_messages_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        struct search_hit *h = add_hit(cx, out, r.id, arena_str(cx->arena, r.status));
        if (!h) continue;
        h->code = arena_str(cx->arena, r.customer_code);
        h->name = arena_str(cx->arena, r.customer_name);
        h->title = arena_str(cx->arena, r.message_id);
        h->detail = arena_str(cx->arena, r.address);
        h->at = r.handed_at;
        h->date = r.planned_date;
    }
}
