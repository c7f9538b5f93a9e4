/* Booking imported rows in batches: customers, documents with their instalments, and payments (REQ: A6, INV: I5 I10
 * I11).
 *
 * A booking lives within one writing transaction. Rows are given a batch at a time (at most BOOKING_BATCH); each is
 * booked, known already, or rejected with field, reason and remedy. Rejected rows touch nothing, so the caller decides
 * at the end whether to commit (all good, or
 * --partial) or to roll back. */
#ifndef PORTFOLIO_BOOKING_H
#define PORTFOLIO_BOOKING_H

#include "core/date.h"
#include "core/money.h"
#include "portfolio/portfolio_types.h"
#include "store/db.h"
#include "timeline/timeline.h"

#define BOOKING_BATCH 4096

enum row_status { ROW_BOOKED, ROW_DUPLICATE, ROW_REJECTED };

struct row_result {
    enum row_status status;
    const char *field; /* when rejected */
    Str message, hint; /* in cx->arena */
};

struct customer_row {
    Str code, name, tax_id, country, region, language, zone, segment, sector, profile, currency, payment_terms,
        collector, seller;
    bool is_person;
    bool has_credit_limit;
    int64_t credit_limit;
    Str email, phone, whatsapp, contact_name, contact_role;
    Str custom; /* JSON object */
};

struct invoice_row {
    int64_t line;
    Str number, customer_code;
    enum document_type type;
    Date issue_date, due_date;
    Currency currency;
    int64_t amount;
    int64_t open; /* what is left when it comes to aldia; = amount when the file does not say */
    bool has_open;
    int32_t position; /* instalment number, 1 by default */
    Str reference, description, file, applies_to;
    Str custom; /* JSON object */
};

/* A credit note that names an invoice nobody knows, or one of another customer or currency. */
struct booking_problem {
    struct booking_problem *next;
    int64_t line;
    Str number;
    bool is_foreign;
};

struct booking {
    struct event event;
    Date today;
    bool is_snapshot;
    Date as_of;
    int64_t next_customer, next_contact, next_document, next_instalment, next_entry;
    struct seen_set *seen;                     /* what this file said already, by hash */
    struct arena *arena;                       /* lives as long as the booking */
    struct credit_note *credits, *last_credit; /* with applies_to, to be applied at the end */
    struct booking_problem *problems;          /* credit notes whose invoice is unknown, after booking_end */
};

MUST_USE enum rc booking_customers_begin(struct ctx *cx, struct booking *out_booking);
MUST_USE enum rc booking_customers(struct ctx *cx, struct booking *b, const struct customer_row *rows, size_t n,
                                   struct row_result *out_results);

/* `snapshot`: the file is a full export of what is open on as_of; booking_end settles the rest. */
MUST_USE enum rc booking_invoices_begin(struct ctx *cx, Date today, bool snapshot, Date as_of,
                                        struct booking *out_booking);
MUST_USE enum rc booking_invoices(struct ctx *cx, struct booking *b, const struct invoice_row *rows, size_t n,
                                  struct row_result *out_results);

/* Applies credit notes, settles what a snapshot did not mention, closes the event. `data`: JSON members about the file,
 * without braces, "\"file\":…". *out_settled: instalments settled by the snapshot. */
MUST_USE enum rc booking_end(struct ctx *cx, struct booking *b, Str data, int64_t *out_settled);
/* Frees what the booking holds; always called, also after a failure. */
void booking_done(struct booking *b);

#endif
