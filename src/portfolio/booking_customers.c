/* Customers: new ones in bulk, known ones updated where the file says something else. */
#include <string.h>

#include "customer_sql.h"
#include "portfolio/booking.h"
#include "portfolio/booking_seen.h"
#include "portfolio/finding.h"
#include "portfolio/standing.h"

enum rc booking_customers_begin(struct ctx *cx, struct booking *out) {
    struct customer_next_id_row customer;
    struct contact_next_id_row contact;
    TRY(customer_next_id(cx, &customer));
    TRY(contact_next_id(cx, &contact));
    *out = (struct booking){
        .next_customer = customer.id, .next_contact = contact.id, .seen = seen_new(), .arena = arena_new()};
    return event_open(cx, "customers.imported", 0, S(""), &out->event);
}

static struct customer_insert_params insert_params(struct ctx *cx, const struct customer_row *r, int64_t id) {
    return (struct customer_insert_params){
        .id = id,
        .code = r->code,
        .name = r->name,
        .name_folded = str_fold(cx->arena, r->name),
        .kind = r->is_person ? S("person") : S("company"),
        .tax_id = r->tax_id,
        .country = r->country,
        .region = r->region,
        .language = r->language,
        .zone = r->zone,
        .segment = r->segment,
        .sector = r->sector,
        .profile = r->profile,
        .currency = r->currency,
        .has_credit_limit = r->has_credit_limit,
        .credit_limit = r->credit_limit,
        .payment_terms = r->payment_terms,
        .collector = r->collector,
        .seller = r->seller,
        .custom = r->custom,
    };
}

static Str contact_role(const struct customer_row *r) { return r->contact_role.n ? r->contact_role : S("payables"); }

static bool customer_same(const struct customer_get_row *c, const struct customer_row *r) {
    return str_equal(c->name, r->name) && str_is(c->kind, r->is_person ? "person" : "company") &&
           str_equal(c->tax_id, r->tax_id) && str_equal(c->country, r->country) && str_equal(c->region, r->region) &&
           str_equal(c->language, r->language) && str_equal(c->zone, r->zone) && str_equal(c->segment, r->segment) &&
           str_equal(c->sector, r->sector) && str_equal(c->profile, r->profile) &&
           str_equal(c->currency, r->currency) && c->has_credit_limit == r->has_credit_limit &&
           c->credit_limit == r->credit_limit && str_equal(c->payment_terms, r->payment_terms) &&
           str_equal(c->collector, r->collector) && str_equal(c->seller, r->seller) &&
           str_equal(c->custom, r->custom);
}

/* The first contact is the one the file speaks of; others are added by hand and stay. */
static enum rc update_contact(struct ctx *cx, struct booking *b, int64_t customer_id, const struct customer_row *r,
                              bool *out_changed) {
    struct contact_first_row old;
    bool found;
    TRY(contact_first(cx, &(struct contact_first_params){.customer_id = customer_id}, &old, &found));
    struct find_words before = {0}, after = {0};
    if (!found) {
        *out_changed = true;
        find_gather_contact(cx, &after, b->next_contact, customer_id, r->contact_name, r->email, r->phone, r->whatsapp);
        TRY(find_write(cx, &after));
        return contact_insert(cx, &(struct contact_insert_params){.id = b->next_contact++,
                                                                  .customer_id = customer_id,
                                                                  .name = r->contact_name,
                                                                  .role = contact_role(r),
                                                                  .email = r->email,
                                                                  .phone = r->phone,
                                                                  .whatsapp = r->whatsapp,
                                                                  .language = S("")});
    }
    bool email = !str_equal(old.email, r->email), phone = !str_equal(old.phone, r->phone),
         whatsapp = !str_equal(old.whatsapp, r->whatsapp);
    *out_changed =
        email || phone || whatsapp || !str_equal(old.name, r->contact_name) || !str_equal(old.role, contact_role(r));
    if (!*out_changed) return OK;
    find_gather_contact(cx, &before, old.id, customer_id, old.name, old.email, old.phone, old.whatsapp);
    find_gather_contact(cx, &after, old.id, customer_id, r->contact_name, r->email, r->phone, r->whatsapp);
    TRY(find_replace(cx, &before, &after));
    return contact_update(cx, &(struct contact_update_params){.id = old.id,
                                                              .name = r->contact_name,
                                                              .role = contact_role(r),
                                                              .email = r->email,
                                                              .phone = r->phone,
                                                              .whatsapp = r->whatsapp,
                                                              .language = old.language,
                                                              .email_changed = email,
                                                              .phone_changed = phone,
                                                              .whatsapp_changed = whatsapp});
}

static enum rc update_customer(struct ctx *cx, struct booking *b, int64_t id, const struct customer_row *r,
                               struct row_result *out_result) {
    struct customer_get_row old;
    TRY(customer_get(cx, &(struct customer_get_params){.id = id}, &old));
    bool same = customer_same(&old, r), contact_changed;
    if (!same) {
        struct customer_insert_params p = insert_params(cx, r, id);
        struct find_words before = {0}, after = {0};
        find_gather_customer(cx, &before, id, old.name, old.tax_id);
        find_gather_customer(cx, &after, id, r->name, r->tax_id);
        TRY(find_replace(cx, &before, &after));
        TRY(customer_update(cx, &(struct customer_update_params){.id = id,
                                                                 .name = p.name,
                                                                 .name_folded = p.name_folded,
                                                                 .kind = p.kind,
                                                                 .tax_id = p.tax_id,
                                                                 .country = p.country,
                                                                 .region = p.region,
                                                                 .language = p.language,
                                                                 .zone = p.zone,
                                                                 .segment = p.segment,
                                                                 .sector = p.sector,
                                                                 .profile = p.profile,
                                                                 .currency = p.currency,
                                                                 .has_credit_limit = p.has_credit_limit,
                                                                 .credit_limit = p.credit_limit,
                                                                 .payment_terms = p.payment_terms,
                                                                 .collector = p.collector,
                                                                 .seller = p.seller,
                                                                 .custom = p.custom}));
        if (!str_equal(old.collector, p.collector) || !str_equal(old.seller, p.seller)) TRY(standing_reassign(cx, id));
    }
    TRY(update_contact(cx, b, id, r, &contact_changed));
    out_result->status = same && !contact_changed ? ROW_DUPLICATE : ROW_BOOKED;
    return OK;
}

static uint64_t row_fingerprint(struct ctx *cx, struct booking *b, const struct customer_row *r) {
    Str all = arena_printf(
        cx->arena, "%.*s\x1f%d\x1f%.*s\x1f%.*s\x1f%.*s\x1f%.*s\x1f%.*s\x1f%.*s\x1f%.*s\x1f%.*s\x1f%.*s\x1f%lld",
        STR_ARG(r->name), r->is_person, STR_ARG(r->tax_id), STR_ARG(r->country), STR_ARG(r->language), STR_ARG(r->zone),
        STR_ARG(r->segment), STR_ARG(r->email), STR_ARG(r->phone), STR_ARG(r->whatsapp), STR_ARG(r->contact_name),
        (long long)r->credit_limit);
    return seen_hash(b->seen, all.p, all.n, 1) | 1;
}

enum rc booking_customers(struct ctx *cx, struct booking *b, const struct customer_row *rows, size_t n,
                          struct row_result *out_results) {
    struct customer_id_by_code_params *codes = ARENA_ARRAY(cx->arena, struct customer_id_by_code_params, n);
    struct customer_id_by_code_row *known = ARENA_ARRAY(cx->arena, struct customer_id_by_code_row, n);
    bool *found = ARENA_ARRAY(cx->arena, bool, n);
    for (size_t i = 0; i < n; i++) codes[i].code = rows[i].code;
    TRY(customer_id_by_code_lookup(cx, codes, n, known, found));
    struct customer_insert_params *customers = ARENA_ARRAY(cx->arena, struct customer_insert_params, n);
    struct contact_insert_params *contacts = ARENA_ARRAY(cx->arena, struct contact_insert_params, n);
    struct find_words words = {0};
    size_t added = 0;
    for (size_t i = 0; i < n; i++) {
        const struct customer_row *r = &rows[i];
        out_results[i] = (struct row_result){.status = ROW_BOOKED};
        uint64_t print = row_fingerprint(cx, b, r);
        bool is_new;
        uint64_t earlier = seen_put(b->seen, seen_hash(b->seen, r->code.p, r->code.n, 0), print, &is_new);
        if (!is_new && earlier == print) {
            out_results[i].status = ROW_DUPLICATE;
        } else if (!is_new) {
            out_results[i] = (struct row_result){
                .status = ROW_REJECTED,
                .field = "code",
                .message = arena_printf(cx->arena, phrase(cx, "customer %.*s stands earlier in this file with other data"),
                                        STR_ARG(r->code)),
                .hint = str_from(phrase(cx, "keep one row per customer"))};
        } else if (found[i]) {
            TRY(update_customer(cx, b, known[i].id, r, &out_results[i]));
        } else {
            customers[added] = insert_params(cx, r, b->next_customer);
            find_gather_customer(cx, &words, b->next_customer, r->name, r->tax_id);
            find_gather_contact(cx, &words, b->next_contact, b->next_customer, r->contact_name, r->email, r->phone, r->whatsapp);
            contacts[added] = (struct contact_insert_params){.id = b->next_contact++,
                                                             .customer_id = b->next_customer++,
                                                             .name = r->contact_name,
                                                             .role = contact_role(r),
                                                             .email = r->email,
                                                             .phone = r->phone,
                                                             .whatsapp = r->whatsapp,
                                                             .language = S("")};
            added++;
        }
    }
    TRY(customer_insert_bulk(cx, customers, added));
    TRY(contact_insert_bulk(cx, contacts, added));
    return find_write(cx, &words);
}
