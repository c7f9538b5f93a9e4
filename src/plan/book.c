/* Reading and storing strategies. */
#include "plan/book.h"

#include "book_sql.h"
#include "strategy/strategy.h"

#define MEMO_MAX 32

struct memo_entry {
    struct arena *arena; /* NULL: free */
    Str source;
    struct strategy parsed;
    uint64_t used; /* in which loading, the last time */
};

struct strategy_memo {
    struct memo_entry entries[MEMO_MAX];
    uint64_t loadings;
};

struct strategy_memo *strategy_memo_new(void) { return mem_alloc(sizeof(struct strategy_memo)); }

void strategy_memo_free(struct strategy_memo *memo) {
    if (!memo) return;
    for (size_t i = 0; i < MEMO_MAX; i++) arena_free(memo->entries[i].arena);
    mem_free(memo);
}

/* The entry with that text; else the one used longest ago, empty now, unless this loading uses them all. */
static struct memo_entry *memo_find(struct strategy_memo *memo, Str source) {
    struct memo_entry *oldest = &memo->entries[0];
    for (size_t i = 0; i < MEMO_MAX; i++) {
        struct memo_entry *e = &memo->entries[i];
        if (e->arena && str_equal(e->source, source)) return e;
        if (e->used < oldest->used) oldest = e;
    }
    if (oldest->used == memo->loadings) return NULL;
    arena_free(oldest->arena);
    *oldest = (struct memo_entry){0};
    return oldest;
}

static enum rc parse_once(struct ctx *cx, struct strategy_memo *memo, Str source, const char *name, struct strategy *out) {
    struct memo_entry *e = memo ? memo_find(memo, source) : NULL;
    if (!e) return strategy_parse(cx, arena_str(cx->arena, source), name, out);
    e->used = memo->loadings;
    if (!e->arena) {
        struct arena *own = arena_new();
        struct ctx apart = *cx;
        apart.arena = own;
        Str kept = arena_str(own, source);
        enum rc rc = strategy_parse(&apart, kept, name, &e->parsed);
        if (rc != OK) {
            cx->fault = apart.fault;
            arena_free(own);
            return rc;
        }
        e->arena = own;
        e->source = kept;
    }
    *out = e->parsed;
    return OK;
}

enum rc strategy_book_load(struct ctx *cx, struct strategy_memo *memo, struct strategy_book *out) {
    VEC_OF(struct strategy) all = {0};
    struct strategy_book book = {0};
    if (memo) memo->loadings++;
    AUTO(strategy_all_close) struct strategy_all_cursor cursor;
    TRY(strategy_all_open(cx, &cursor));
    for (;;) {
        struct strategy_all_row r;
        bool more;
        TRY(strategy_all_next(cx, &cursor, &r, &more));
        if (!more) break;
        char *name = arena_cstr(cx->arena, r.code);
        struct strategy parsed;
        if (parse_once(cx, memo, r.source, name, &parsed) != OK)
            return fail(cx, INTERNAL, "strategy %s in the database cannot be read any more", name);
        parsed.id = r.id;
        parsed.version = (int32_t)r.version;
        parsed.watermark = r.watermark;
        parsed.ramp_from = r.ramp_from;
        parsed.ramp_days = (int32_t)r.ramp_days;
        if (r.is_default) book.default_at = all.count;
        *VEC_PUSH(cx->arena, &all) = parsed;
    }
    if (all.count == 0) return fail(cx, INTERNAL, "the company has no strategy");
    book.items = all.items;
    book.count = all.count;
    *out = book;
    return OK;
}

static bool list_has(Str list, Str word) {
    while (list.p && list.n)
        if (str_equal(str_trim(str_cut(&list, ',')), word)) return true;
    return false;
}

const struct strategy *strategy_book_for(const struct strategy_book *book, const struct customer *customer,
                                         int64_t assigned_id) {
    for (size_t i = 0; assigned_id && i < book->count; i++)
        if (book->items[i].id == assigned_id) return &book->items[i];
    for (size_t i = 0; customer->segment.n && i < book->count; i++)
        if (list_has(book->items[i].segments, customer->segment)) return &book->items[i];
    return &book->items[book->default_at];
}

static enum rc store_new(struct ctx *cx, const struct strategy_text *text, const struct strategy *s) {
    struct strategy_next_id_row next;
    TRY(strategy_next_id(cx, &next));
    TRY(strategy_insert(
        cx, &(struct strategy_insert_params){
                .id = next.id, .code = s->code, .name = s->name, .is_default = text->is_default, .segments = s->segments}));
    return strategy_version_insert(
        cx, &(struct strategy_version_insert_params){
                .strategy_id = next.id, .version = 1, .source = text->yaml, .actor = str_from(cx->actor), .note = text->note});
}

enum rc strategy_store(struct ctx *cx, const struct strategy_text *text, struct strategy *out_strategy, int64_t *out_version,
                       bool *out_changed) {
    TRY(strategy_parse(cx, text->yaml, text->name, out_strategy));
    struct strategy_by_code_row known;
    bool found;
    TRY(strategy_by_code(cx, &(struct strategy_by_code_params){.code = out_strategy->code}, &known, &found));
    *out_version = 1;
    *out_changed = true;
    if (!found) return store_new(cx, text, out_strategy);
    if (!instant_is_none(known.archived_at))
        return fail_field(cx, CONFLICT, "code", "aldia strategy unarchive takes it back", "strategy %.*s was archived",
                          STR_ARG(out_strategy->code));
    *out_version = known.version;
    *out_changed = !str_equal(known.source, text->yaml);
    if (!*out_changed) return OK;
    *out_version = known.version + 1;
    TRY(strategy_version_insert(cx, &(struct strategy_version_insert_params){.strategy_id = known.id,
                                                                             .version = *out_version,
                                                                             .source = text->yaml,
                                                                             .actor = str_from(cx->actor),
                                                                             .note = text->note}));
    return strategy_set_version(cx, &(struct strategy_set_version_params){.id = known.id,
                                                                          .version = *out_version,
                                                                          .name = out_strategy->name,
                                                                          .segments = out_strategy->segments});
}

void strategy_book_with(struct ctx *cx, struct strategy_book *book, const struct strategy *strategy) {
    struct strategy *items = ARENA_ARRAY(cx->arena, struct strategy, book->count + 1);
    for (size_t i = 0; i < book->count; i++) items[i] = book->items[i];
    book->items = items;
    for (size_t i = 0; i < book->count; i++) {
        if (!str_equal(items[i].code, strategy->code)) continue;
        const struct strategy old = items[i];
        items[i] = *strategy;
        items[i].id = old.id;
        items[i].watermark = old.watermark;
        items[i].ramp_from = old.ramp_from;
        items[i].ramp_days = old.ramp_days;
        items[i].version = old.version + 1;
        return;
    }
    items[book->count] = *strategy;
    items[book->count].watermark = DATE_NONE;
    book->count++;
}
