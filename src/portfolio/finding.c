/* Which words a text has, and writing them. */
#include "portfolio/finding.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_tree.h"
#include "finding_sql.h"
#include "portfolio/finding_words.h"
#include "timeline/timeline.h"

#define MAKE_BATCH 4096
#define PHONE_LEAST 5

static void add_word(struct ctx *cx, struct find_words *words, enum find_kind kind, int64_t id, int64_t customer_id, Str word) {
    word = find_word_cut(word);
    if (word.n == 0) return;
    *VEC_PUSH(cx->arena, &words->rows) =
        (struct search_word_insert_params){.kind = kind, .word = word, .id = id, .customer_id = customer_id};
}

static bool is_telling(Str word) { return word.n > 1 || (word.n == 1 && word.p[0] >= '0' && word.p[0] <= '9'); }

/* `skip`: words at the beginning that are left out. */
static void gather_words(struct ctx *cx, struct find_words *words, enum find_kind kind, int64_t id, int64_t customer_id, Str text, size_t skip) {
    Str folded = str_fold(cx->arena, text), word;
    size_t at = 0;
    for (size_t i = 0; i < FIND_WORDS_MOST && find_word_next(folded, &at, &word); i++)
        if (i >= skip && is_telling(word)) add_word(cx, words, kind, id, customer_id, word);
}

void find_gather_text(struct ctx *cx, struct find_words *words, enum find_kind kind, int64_t id, int64_t customer_id, Str text) {
    if (text.n) gather_words(cx, words, kind, id, customer_id, text, 0);
}

void find_gather_code(struct ctx *cx, struct find_words *words, enum find_kind kind, int64_t id, int64_t customer_id, Str text) {
    if (text.n == 0) return;
    bool is_free = str_index(text, ' ') < text.n, has_number = false;
    if (is_free) gather_words(cx, words, kind, id, customer_id, text, 0);
    Str compact = find_compact(cx->arena, str_fold(cx->arena, text)), run;
    for (size_t at = 0; find_digits_next(compact, &at, &run);) {
        if (run.n < FIND_NUMBER_LEAST) continue;
        add_word(cx, words, kind, id, customer_id, run);
        has_number = true;
    }
    if (!is_free && !has_number) add_word(cx, words, kind, id, customer_id, compact);
}

void find_gather_customer(struct ctx *cx, struct find_words *words, int64_t id, Str name, Str tax_id) {
    gather_words(cx, words, FIND_NAME, id, id, name, 1);
    if (tax_id.n) add_word(cx, words, FIND_TAX_ID, id, id, find_compact(cx->arena, str_fold(cx->arena, tax_id)));
}

static void gather_phone(struct ctx *cx, struct find_words *words, int64_t id, int64_t customer_id, Str phone) {
    Str digits = find_digits_backwards(cx->arena, phone);
    if (digits.n >= PHONE_LEAST) add_word(cx, words, FIND_PHONE, id, customer_id, digits);
}

void find_gather_contact(struct ctx *cx, struct find_words *words, int64_t id, int64_t customer_id, Str name, Str email, Str phone,
                         Str whatsapp) {
    if (name.n) gather_words(cx, words, FIND_PERSON, id, customer_id, name, 0);
    if (email.n) {
        Str folded = str_fold(cx->arena, email), domain = folded;
        add_word(cx, words, FIND_EMAIL, id, customer_id, folded);
        (void)str_cut(&domain, '@');
        if (domain.p) add_word(cx, words, FIND_EMAIL, id, customer_id, domain);
    }
    gather_phone(cx, words, id, customer_id, phone);
    gather_phone(cx, words, id, customer_id, whatsapp);
}

static int compare(const void *one, const void *other) {
    const struct search_word_insert_params *a = one, *b = other;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    int order = str_compare(a->word, b->word);
    if (order != 0) return order;
    return a->id < b->id ? -1 : a->id > b->id;
}

/* In the order of the index, each once. */
static void sort_words(struct find_words *words) {
    size_t kept = 0;
    if (words->rows.count == 0) return;
    qsort(words->rows.items, words->rows.count, sizeof *words->rows.items, compare);
    for (size_t i = 1; i < words->rows.count; i++)
        if (compare(&words->rows.items[kept], &words->rows.items[i]) != 0) words->rows.items[++kept] = words->rows.items[i];
    words->rows.count = kept + 1;
}

enum rc find_write(struct ctx *cx, struct find_words *words) {
    sort_words(words);
    return search_word_insert_bulk(cx, words->rows.items, words->rows.count);
}

static bool has_word(const struct find_words *words, const struct search_word_insert_params *w) {
    return words->rows.count &&
           bsearch(w, words->rows.items, words->rows.count, sizeof *words->rows.items, compare) != NULL;
}

enum rc find_replace(struct ctx *cx, struct find_words *before, struct find_words *after) {
    sort_words(before);
    sort_words(after);
    for (size_t i = 0; i < before->rows.count; i++) {
        const struct search_word_insert_params *w = &before->rows.items[i];
        if (has_word(after, w)) continue;
        TRY(search_word_remove(cx, &(struct search_word_remove_params){.kind = w->kind, .word = w->word, .id = w->id}));
    }
    for (size_t i = 0; i < after->rows.count; i++) {
        const struct search_word_insert_params *w = &after->rows.items[i];
        TRY(search_word_put(
            cx, &(struct search_word_put_params){.kind = w->kind, .word = w->word, .id = w->id, .customer_id = w->customer_id}));
    }
    return OK;
}

enum rc find_add(struct ctx *cx, enum find_kind kind, int64_t id, int64_t customer_id, Str text) {
    struct find_words words = {0};
    find_gather_text(cx, &words, kind, id, customer_id, text);
    return find_write(cx, &words);
}

enum rc find_note(struct ctx *cx, const char *kind, int64_t customer_id, Str subject, Str data, Str text) {
    struct event e;
    TRY(event_open(cx, kind, customer_id, subject, &e));
    TRY(event_close(cx, &e, data));
    return find_add(cx, FIND_NOTE, e.seq, customer_id, text);
}

/* ---- from the beginning ---- */

enum rc find_is_ready(struct ctx *cx, bool *out_ready) {
    struct search_head_get_row row;
    return search_head_get(cx, &row, out_ready);
}

Str find_note_text(struct ctx *cx, Str data) {
    const struct value *root;
    struct fault before = cx->fault;
    Str text = S("");
    if (json_parse(cx, data, &root) == OK && root->kind == VALUE_OBJECT)
        for (const struct value *v = root->child; v; v = v->next)
            if ((str_is(v->key, "text") || str_is(v->key, "note")) && v->kind == VALUE_TEXT) text = v->text;
    cx->fault = before;
    return text;
}

/* One batch of a table: reads up to MAKE_BATCH rows after *after, gathers their words, writes them. */
#define MAKE_FROM(NAME, KEY, GATHER)                                                                                   \
    static enum rc make_##NAME(struct ctx *cx, int64_t *after, size_t *out_rows) {                                     \
        struct find_words words = {0};                                                                                 \
        *out_rows = 0;                                                                                                 \
        {                                                                                                              \
            AUTO(search_all_##NAME##_close) struct search_all_##NAME##_cursor cursor = {0};                            \
            TRY(search_all_##NAME##_open(                                                                              \
                cx, &(struct search_all_##NAME##_params){.after = *after, .limit = MAKE_BATCH}, &cursor));             \
            for (;;) {                                                                                                 \
                struct search_all_##NAME##_row r;                                                                      \
                bool more;                                                                                             \
                TRY(search_all_##NAME##_next(cx, &cursor, &r, &more));                                                 \
                if (!more) break;                                                                                      \
                GATHER;                                                                                                \
                *after = r.KEY;                                                                                        \
                ++*out_rows;                                                                                           \
            }                                                                                                          \
        }                                                                                                              \
        return find_write(cx, &words);                                                                                 \
    }

MAKE_FROM(customers, id, find_gather_customer(cx, &words, r.id, r.name, r.tax_id))
MAKE_FROM(contacts, id, find_gather_contact(cx, &words, r.id, r.customer_id, r.name, r.email, r.phone, r.whatsapp))
MAKE_FROM(documents, id, find_gather_code(cx, &words, FIND_DOCUMENT, r.id, r.customer_id, r.reference))
MAKE_FROM(payments, id, find_gather_code(cx, &words, FIND_PAYMENT, r.id, r.customer_id, r.reference);
          find_gather_code(cx, &words, FIND_PAYMENT, r.id, r.customer_id, r.external_id))
MAKE_FROM(notes, seq, find_gather_text(cx, &words, FIND_NOTE, r.seq, r.customer_id, find_note_text(cx, r.data)))
MAKE_FROM(disputes, id, find_gather_text(cx, &words, FIND_DISPUTE, r.id, r.customer_id, r.reason))
MAKE_FROM(holds, id, find_gather_text(cx, &words, FIND_HOLD, r.id, r.customer_id, r.reason))

enum rc find_make(struct ctx *cx) {
    static enum rc (*const makers[])(struct ctx *, int64_t *, size_t *) = {make_customers, make_contacts, make_documents, make_payments,
                                                                           make_notes,     make_disputes, make_holds};
    TRY(search_words_clear(cx));
    for (size_t i = 0; i < COUNT_OF(makers); i++) {
        int64_t after = 0;
        for (size_t rows = MAKE_BATCH; rows == MAKE_BATCH;) {
            struct arena_mark mark = arena_mark(cx->arena);
            TRY(makers[i](cx, &after, &rows));
            arena_rewind(cx->arena, mark);
        }
    }
    return search_head_set(cx);
}
