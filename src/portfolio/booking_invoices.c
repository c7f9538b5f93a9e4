/* Documents and instalments: looked up a batch at a time, inserted in bulk, in the order of the file. */
#include <string.h>

#include "customer_sql.h"
#include "document_sql.h"
#include "ledger_sql.h"
#include "portfolio/booking.h"
#include "portfolio/booking_seen.h"
#include "portfolio/finding.h"
#include "portfolio/ledger.h"

struct credit_note {
    struct credit_note *next;
    int64_t instalment_id, line, customer_id;
    Currency currency;
    Str applies_to;
};

/* An instalment and what is open of it. */
struct target {
    int64_t id, open;
};

/* A document the batch speaks of: in the database, or new in this batch. */
struct known_document {
    int64_t id, customer_id;
    Str type, reference, description, applies_to; /* as kept */
    Date issue_date;
    Currency currency;
    int64_t event_seq;
    bool is_ours; /* booked by this very import */
};

struct batch {
    struct ctx *cx;
    struct booking *b;
    const struct invoice_row *rows;
    size_t n;
    struct row_result *results;
    const struct customer_id_by_code_row *customers;
    const bool *customer_found;
    const struct document_by_number_row *documents;
    const bool *document_found;
    struct seen_set *new_documents; /* number → index + 1 in `inserts` */
    struct document_insert_params *inserts;
    struct instalment_insert_params *instalments;
    struct entry_insert_params *entries;
    struct snapshot_seen_insert_params *mentioned;
    size_t insert_count, instalment_count, entry_count, mentioned_count;
};

enum rc booking_invoices_begin(struct ctx *cx, Date today, bool snapshot, Date as_of, struct booking *out) {
    struct document_next_id_row document;
    struct instalment_next_id_row instalment;
    struct entry_next_id_row entry;
    TRY(document_next_id(cx, &document));
    TRY(instalment_next_id(cx, &instalment));
    TRY(entry_next_id(cx, &entry));
    *out = (struct booking){.today = today,
                            .is_snapshot = snapshot,
                            .as_of = as_of,
                            .next_document = document.id,
                            .next_instalment = instalment.id,
                            .next_entry = entry.id,
                            .seen = seen_new(),
                            .arena = arena_new()};
    if (snapshot) TRY(snapshot_seen_clear(cx));
    return event_open(cx, snapshot ? "invoices.snapshot" : "invoices.imported", 0, S(""), &out->event);
}

static void reject(struct batch *t, size_t i, const char *field, SAYS const char *hint, Str message) {
    t->results[i] =
        (struct row_result){.status = ROW_REJECTED, .field = field, .message = message, .hint = str_from(phrase(t->cx, hint))};
}

static void add_entry(struct batch *t, int64_t instalment_id, const char *kind, int64_t amount, Date date,
                      const unsigned char *debt) {
    struct booking *b = t->b;
    int64_t id = b->next_entry++;
    struct covered_entry covered = {
        .id = id, .instalment_id = instalment_id, .kind = kind, .amount = amount, .date = date, .debt = debt};
    t->entries[t->entry_count++] = (struct entry_insert_params){.id = id,
                                                                .instalment_id = instalment_id,
                                                                .kind = str_from(kind),
                                                                .amount = amount,
                                                                .date = date,
                                                                .event_seq = b->event.seq,
                                                                .seal = event_cover(&b->event, &covered)};
}

/* The hash of what the rows of instalment and document will say. */
static void hash_debt(const struct invoice_row *r, const struct known_document *d, int64_t id,
                      unsigned char out[EVENT_HASH_SIZE]) {
    debt_hash(&(struct covered_debt){.instalment_id = id,
                                     .document_id = d->id,
                                     .document_event = d->event_seq,
                                     .customer_id = d->customer_id,
                                     .position = r->position,
                                     .amount = r->amount,
                                     .is_claim = document_is_claim(r->type),
                                     .issue_date = r->issue_date,
                                     .due_date = r->due_date,
                                     .currency = r->currency,
                                     .number = r->number,
                                     .type = d->type,
                                     .reference = d->reference,
                                     .description = d->description,
                                     .applies_to = d->applies_to},
              out);
}

static void add_instalment(struct batch *t, const struct invoice_row *r, const struct known_document *d) {
    struct booking *b = t->b;
    int64_t id = b->next_instalment++;
    unsigned char debt[EVENT_HASH_SIZE];
    hash_debt(r, d, id, debt);
    t->instalments[t->instalment_count++] = (struct instalment_insert_params){.id = id,
                                                                              .customer_id = d->customer_id,
                                                                              .document_id = d->id,
                                                                              .position = r->position,
                                                                              .is_claim = document_is_claim(r->type),
                                                                              .issue_date = r->issue_date,
                                                                              .due_date = r->due_date,
                                                                              .currency = r->currency,
                                                                              .amount = r->amount,
                                                                              .open = r->open,
                                                                              .seal = seal_of(debt)};
    add_entry(t, id, "charge", r->amount, r->issue_date, debt);
    if (r->open < r->amount) add_entry(t, id, "settled_before", r->open - r->amount, r->issue_date, NULL);
    if (b->is_snapshot) t->mentioned[t->mentioned_count++].instalment_id = id;
    if (r->applies_to.n && !document_is_claim(r->type)) {
        struct credit_note *note = ARENA_NEW(b->arena, struct credit_note);
        *note = (struct credit_note){.instalment_id = id,
                                     .line = r->line,
                                     .customer_id = d->customer_id,
                                     .currency = r->currency,
                                     .applies_to = arena_str(b->arena, r->applies_to)};
        *(b->last_credit ? &b->last_credit->next : &b->credits) = note;
        b->last_credit = note;
    }
}

/* The document of row i, or false after marking the row rejected. */
static bool find_document(struct batch *t, size_t i, struct known_document *out, bool *out_exists) {
    const struct invoice_row *r = &t->rows[i];
    bool is_new;
    uint64_t index = seen_put(t->new_documents, seen_hash(t->new_documents, r->number.p, r->number.n, 0),
                              t->insert_count + 1, &is_new);
    *out_exists = true;
    if (t->document_found[i]) {
        const struct document_by_number_row *d = &t->documents[i];
        *out = (struct known_document){.id = d->id,
                                       .customer_id = d->customer_id,
                                       .type = d->type,
                                       .reference = d->reference,
                                       .description = d->description,
                                       .applies_to = d->applies_to,
                                       .issue_date = d->issue_date,
                                       .currency = d->currency,
                                       .event_seq = d->event_seq,
                                       .is_ours = d->event_seq == t->b->event.seq};
    } else if (!is_new && index <= t->insert_count && str_equal(t->inserts[index - 1].number, r->number)) {
        const struct document_insert_params *d = &t->inserts[index - 1];
        *out = (struct known_document){.id = d->id,
                                       .customer_id = d->customer_id,
                                       .type = d->type,
                                       .reference = d->reference,
                                       .description = d->description,
                                       .applies_to = d->applies_to,
                                       .issue_date = d->issue_date,
                                       .currency = d->currency,
                                       .event_seq = d->event_seq,
                                       .is_ours = true};
    } else {
        *out_exists = false;
        *out = (struct known_document){.id = t->b->next_document,
                                       .customer_id = t->customers[i].id,
                                       .type = str_from(document_type_name(r->type)),
                                       .reference = r->reference,
                                       .description = r->description,
                                       .applies_to = r->applies_to,
                                       .event_seq = t->b->event.seq,
                                       .is_ours = true};
        return true;
    }
    struct arena *a = t->cx->arena;
    if (out->customer_id != t->customers[i].id)
        reject(t, i, "customer_code",
               "numbers are unique within a company: check the customer, or number the document anew",
               arena_printf(a, phrase(t->cx, "document %.*s belongs to another customer"), STR_ARG(r->number)));
    else if (!str_is(out->type, document_type_name(r->type)))
        reject(t, i, "type", "give the document a number of its own",
               arena_printf(a, phrase(t->cx, "document %.*s is known as %.*s"), STR_ARG(r->number), STR_ARG(out->type)));
    else if (!currency_equal(out->currency, r->currency))
        reject(t, i, "currency", "correct the file: a document has one currency",
               arena_printf(a, phrase(t->cx, "document %.*s is known in another currency"), STR_ARG(r->number)));
    else if (out->issue_date.day != r->issue_date.day)
        reject(t, i, "issue_date", "correct the file: a document has one issue date",
               arena_printf(a, phrase(t->cx, "document %.*s is known with another issue date"), STR_ARG(r->number)));
    else
        return true;
    return false;
}

/* A row about an instalment that is known: the same again, a new state of a snapshot, or a contradiction. */
static enum rc known_instalment(struct batch *t, size_t i, const struct known_document *d, int64_t id, Date due_date,
                                int64_t amount, int64_t open) {
    const struct invoice_row *r = &t->rows[i];
    struct arena *a = t->cx->arena;
    t->results[i].status = ROW_DUPLICATE;
    if (due_date.day != r->due_date.day || amount != r->amount) {
        char text[MONEY_TEXT], day[DATE_TEXT];
        if (amount != r->amount)
            reject(t, i, "amount",
                   "book a credit note or a debit note for the difference; several rows of one number need different "
                   "instalment numbers",
                   arena_printf(a, phrase(t->cx, "document %.*s is known with amount %.*s"), STR_ARG(r->number),
                                STR_ARG(money_text(money_make(amount, r->currency), text))));
        else
            reject(t, i, "due_date", "several rows of one number need different instalment numbers",
                   arena_printf(a, phrase(t->cx, "document %.*s is known with due date %.*s"), STR_ARG(r->number),
                                STR_ARG(date_iso(due_date, day))));
        return OK;
    }
    if (!t->b->is_snapshot) return OK;
    if (d->is_ours && r->open != open) {
        reject(
            t, i, "open_amount", "keep one row per instalment",
            arena_printf(a, phrase(t->cx, "document %.*s stands earlier in this file with another open amount"), STR_ARG(r->number)));
        return OK;
    }
    t->mentioned[t->mentioned_count++].instalment_id = id;
    if (!r->has_open || r->open == open) return OK;
    add_entry(t, id, "snapshot", r->open - open, t->b->as_of, NULL);
    t->results[i].status = ROW_BOOKED;
    return instalment_add_open(t->cx, &(struct instalment_add_open_params){.id = id, .change = r->open - open});
}

/* Looks among this batch's new instalments, then in the database; rows of one number in one batch are few. */
static enum rc row_of_known_document(struct batch *t, size_t i, const struct known_document *d) {
    const struct invoice_row *r = &t->rows[i];
    for (size_t k = t->instalment_count; k > 0 && d->is_ours; k--) {
        const struct instalment_insert_params *p = &t->instalments[k - 1];
        if (p->document_id == d->id && p->position == r->position)
            return known_instalment(t, i, d, p->id, p->due_date, p->amount, p->open);
        if (p->document_id < d->id) break; /* ids grow: none of this document's lies further back */
    }
    struct instalment_by_position_row old;
    bool found = false;
    if (t->document_found[i])
        TRY(instalment_by_position(
            t->cx, &(struct instalment_by_position_params){.document_id = d->id, .position = r->position}, &old,
            &found));
    if (found) return known_instalment(t, i, d, old.id, old.due_date, old.amount, old.open);
    add_instalment(t, r, d);
    if (t->document_found[i])
        return document_grow(t->cx, &(struct document_grow_params){.id = d->id, .more = r->amount});
    for (size_t k = t->insert_count; k > 0; k--)
        if (t->inserts[k - 1].id == d->id) {
            t->inserts[k - 1].amount += r->amount;
            break;
        }
    return OK;
}

static enum rc book_row(struct batch *t, size_t i) {
    const struct invoice_row *r = &t->rows[i];
    t->results[i] = (struct row_result){.status = ROW_BOOKED};
    if (!t->customer_found[i]) {
        reject(t, i, "customer_code", "import the customers first, or correct the code",
               arena_printf(t->cx->arena, phrase(t->cx, "there is no customer with code %.*s"), STR_ARG(r->customer_code)));
        return OK;
    }
    struct known_document d;
    bool exists;
    if (!find_document(t, i, &d, &exists)) return OK;
    if (exists) return row_of_known_document(t, i, &d);
    t->b->next_document++;
    t->inserts[t->insert_count++] = (struct document_insert_params){.id = d.id,
                                                                    .customer_id = d.customer_id,
                                                                    .number = r->number,
                                                                    .type = str_from(document_type_name(r->type)),
                                                                    .issue_date = r->issue_date,
                                                                    .currency = r->currency,
                                                                    .amount = r->amount,
                                                                    .reference = r->reference,
                                                                    .description = r->description,
                                                                    .file = r->file,
                                                                    .applies_to = r->applies_to,
                                                                    .custom = r->custom,
                                                                    .event_seq = t->b->event.seq};
    add_instalment(t, r, &d);
    return OK;
}

static enum rc look_up(struct batch *t) {
    struct ctx *cx = t->cx;
    struct customer_id_by_code_params *codes = ARENA_ARRAY(cx->arena, struct customer_id_by_code_params, t->n);
    struct document_by_number_params *numbers = ARENA_ARRAY(cx->arena, struct document_by_number_params, t->n);
    struct customer_id_by_code_row *customers = ARENA_ARRAY(cx->arena, struct customer_id_by_code_row, t->n);
    struct document_by_number_row *documents = ARENA_ARRAY(cx->arena, struct document_by_number_row, t->n);
    bool *customer_found = ARENA_ARRAY(cx->arena, bool, t->n), *document_found = ARENA_ARRAY(cx->arena, bool, t->n);
    for (size_t i = 0; i < t->n; i++) {
        codes[i].code = t->rows[i].customer_code;
        numbers[i].number = t->rows[i].number;
    }
    TRY(customer_id_by_code_lookup(cx, codes, t->n, customers, customer_found));
    TRY(document_by_number_lookup(cx, numbers, t->n, documents, document_found));
    t->customers = customers;
    t->customer_found = customer_found;
    t->documents = documents;
    t->document_found = document_found;
    return OK;
}

enum rc booking_invoices(struct ctx *cx, struct booking *b, const struct invoice_row *rows, size_t n,
                         struct row_result *out_results) {
    struct batch t = {.cx = cx, .b = b, .rows = rows, .n = n, .results = out_results};
    TRY(look_up(&t));
    t.inserts = ARENA_ARRAY(cx->arena, struct document_insert_params, n);
    t.instalments = ARENA_ARRAY(cx->arena, struct instalment_insert_params, n);
    t.entries = ARENA_ARRAY(cx->arena, struct entry_insert_params, n * 2);
    t.mentioned = ARENA_ARRAY(cx->arena, struct snapshot_seen_insert_params, n);
    t.new_documents = seen_new();
    enum rc rc = OK;
    for (size_t i = 0; i < n && rc == OK; i++) rc = book_row(&t, i);
    seen_free(t.new_documents);
    TRY(rc);
    struct find_words words = {0};
    for (size_t i = 0; i < t.insert_count; i++)
        find_gather_code(cx, &words, FIND_DOCUMENT, t.inserts[i].id, t.inserts[i].customer_id, t.inserts[i].reference);
    TRY(document_insert_bulk(cx, t.inserts, t.insert_count));
    TRY(find_write(cx, &words));
    TRY(instalment_insert_bulk(cx, t.instalments, t.instalment_count));
    TRY(entry_insert_bulk(cx, t.entries, t.entry_count));
    return snapshot_seen_insert_bulk(cx, t.mentioned, t.mentioned_count);
}

static enum rc apply_credits(struct ctx *cx, struct booking *b) {
    for (const struct credit_note *note = b->credits; note; note = note->next) {
        struct document_by_number_row invoice;
        bool found;
        TRY(document_by_number(cx, &(struct document_by_number_params){.number = note->applies_to}, &invoice, &found));
        bool foreign =
            found && (invoice.customer_id != note->customer_id || !currency_equal(invoice.currency, note->currency));
        if (!found || foreign) {
            struct booking_problem *problem = ARENA_NEW(b->arena, struct booking_problem);
            *problem = (struct booking_problem){
                .next = b->problems, .line = note->line, .number = note->applies_to, .is_foreign = foreign};
            b->problems = problem;
            continue;
        }
        VEC_OF(int64_t) targets = {0};
        {
            AUTO(instalments_of_document_close) struct instalments_of_document_cursor cursor;
            TRY(instalments_of_document_open(cx, &(struct instalments_of_document_params){.document_id = invoice.id},
                                             &cursor));
            for (;;) {
                struct instalments_of_document_row row;
                bool more;
                TRY(instalments_of_document_next(cx, &cursor, &row, &more));
                if (!more) break;
                if (row.open > 0 && row.is_claim) *VEC_PUSH(cx->arena, &targets) = row.id;
            }
        }
        for (size_t i = 0; i < targets.count; i++) {
            int64_t moved;
            TRY(credit_apply(cx, &b->event, note->instalment_id, targets.items[i], b->today, &moved));
        }
    }
    return OK;
}

/* What a full export no longer mentions has been settled. */
static enum rc settle_missing(struct ctx *cx, struct booking *b, int64_t *out_settled) {
    for (;;) {
        struct arena_mark mark = arena_mark(cx->arena);
        VEC_OF(struct target) missing = {0};
        {
            AUTO(instalments_settled_by_snapshot_close) struct instalments_settled_by_snapshot_cursor cursor;
            TRY(instalments_settled_by_snapshot_open(
                cx, &(struct instalments_settled_by_snapshot_params){.event_seq = b->event.seq}, &cursor));
            while (missing.count < BOOKING_BATCH) {
                struct instalments_settled_by_snapshot_row row;
                bool more;
                TRY(instalments_settled_by_snapshot_next(cx, &cursor, &row, &more));
                if (!more) break;
                *VEC_PUSH(cx->arena, &missing) = (struct target){row.id, row.open};
            }
        }
        for (size_t i = 0; i < missing.count; i++)
            TRY(ledger_post(cx, &b->event,
                            &(struct ledger_entry){.instalment_id = missing.items[i].id,
                                                   .kind = "snapshot",
                                                   .amount = -missing.items[i].open,
                                                   .date = b->as_of}));
        *out_settled += (int64_t)missing.count;
        bool last = missing.count < BOOKING_BATCH;
        arena_rewind(cx->arena, mark);
        if (last) return snapshot_seen_clear(cx);
    }
}

enum rc booking_end(struct ctx *cx, struct booking *b, Str data, int64_t *out_settled) {
    int64_t settled = 0;
    TRY(apply_credits(cx, b));
    if (b->is_snapshot) TRY(settle_missing(cx, b, &settled));
    AUTO(buf_done) struct buf json = buf_make(65536);
    buf_printf(&json, "{%.*s,\"settled\":%lld}", STR_ARG(data), (long long)settled);
    MUST(buf_ok(&json));
    TRY(event_close(cx, &b->event, buf_str(&json)));
    *out_settled = settled;
    return OK;
}

void booking_done(struct booking *b) {
    seen_free(b->seen);
    arena_free(b->arena);
    b->seen = NULL;
    b->arena = NULL;
}
