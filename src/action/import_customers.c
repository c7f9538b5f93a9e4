/* `aldia customer import`. */
#include "action/import.h"
#include "core/zone.h"
#include "message/mime.h"

enum {
    CODE,
    NAME,
    TAX_ID,
    KIND,
    EMAIL,
    PHONE,
    WHATSAPP,
    CONTACT_NAME,
    CONTACT_ROLE,
    COUNTRY,
    REGION,
    LANGUAGE,
    ZONE,
    SEGMENT,
    SECTOR,
    PROFILE,
    CURRENCY,
    CREDIT_LIMIT,
    PAYMENT_TERMS,
    COLLECTOR,
    SELLER,
    FIELDS
};

static const char *const field_names[FIELDS] = {"code",    "name",     "tax_id",       "kind",          "email",
                                                "phone",   "whatsapp", "contact_name", "contact_role",  "country",
                                                "region",  "language", "zone",         "segment",       "sector",
                                                "profile", "currency", "credit_limit", "payment_terms", "collector",
                                                "seller"};

static enum rc begin(struct ctx *cx, struct import *im) {
    int *at = im->own;
    for (int i = 0; i < FIELDS; i++) at[i] = import_field(im->kind, field_names[i]);
    return booking_customers_begin(cx, &im->booking);
}

static enum rc read_kind(struct ctx *cx, Str text, bool *out_is_person) {
    static const char *const person[] = {"person", "persona",        "natural",       "persona natural",
                                         "fisica", "persona fisica", "pessoa fisica", "individual"};
    static const char *const company[] = {"",         "company",          "empresa",
                                          "juridica", "persona juridica", "persona moral",
                                          "moral",    "pessoa juridica",  "sociedad"};
    Str folded = str_fold(cx->arena, text);
    for (size_t i = 0; i < COUNT_OF(person); i++)
        if (str_is(folded, person[i])) {
            *out_is_person = true;
            return OK;
        }
    for (size_t i = 0; i < COUNT_OF(company); i++)
        if (str_is(folded, company[i])) {
            *out_is_person = false;
            return OK;
        }
    return fail_field(cx, INVALID, "kind", "write company or person; empty means company",
                      "\"%.*s\" is not a kind of customer", (int)(text.n < 40 ? text.n : 40), text.p);
}

static bool letters(Str s, size_t min, size_t max, char from, char to) {
    if (s.n < min || s.n > max) return false;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < from || s.p[i] > to) return false;
    return true;
}

static enum rc check_places(struct ctx *cx, const struct customer_row *r) {
    const struct zone *zone;
    const struct zone *zones[32];
    bool country_known =
        letters(r->country, 2, 2, 'A', 'Z') && zone_candidates(cx, r->country, zones, COUNT_OF(zones)) > 0;
    if (r->country.n && !country_known)
        return fail_field(cx, INVALID, "country", "use the two capitals of ISO 3166, such as CO or MX",
                          "\"%.*s\" is not a country code", (int)(r->country.n < 40 ? r->country.n : 40), r->country.p);
    if (r->language.n && !letters(r->language, 2, 3, 'a', 'z'))
        return fail_field(cx, INVALID, "language", "use two small letters: es, en or pt",
                          "\"%.*s\" is not a language code", (int)(r->language.n < 40 ? r->language.n : 40),
                          r->language.p);
    if (r->zone.n && zone_find(cx, r->zone, &zone) != OK)
        return fail_field(cx, INVALID, "zone", "use an IANA name such as America/Bogota, or leave it empty",
                          "\"%.*s\" is not a time zone", (int)(r->zone.n < 60 ? r->zone.n : 60), r->zone.p);
    if (r->email.n && !mime_address_valid(r->email))
        return fail_field(cx, INVALID, "email",
                          "one address per customer, such as pagos@empresa.example, or leave it empty",
                          "\"%.*s\" is not one e-mail address", (int)(r->email.n < 80 ? r->email.n : 80), r->email.p);
    return OK;
}

static enum rc read_limit(struct ctx *cx, struct import *im, const struct table_row *from, struct customer_row *r) {
    const int *at = im->own;
    Currency currency = {0};
    char code[4];
    if (r->currency.n && !currency_written(r->currency, &currency))
        return fail_field(cx, INVALID, "currency", "use an ISO 4217 code in capitals, such as COP, MXN or EUR",
                          "\"%.*s\" is not a currency", (int)(r->currency.n < 40 ? r->currency.n : 40), r->currency.p);
    if (r->currency.n) r->currency = arena_str(cx->arena, currency_code(currency, code));
    if (!mapping_text(&im->mapping, from, at[CREDIT_LIMIT]).n) return OK;
    if (!r->currency.n)
        return fail_field(cx, INVALID, "currency", "say the currency of the credit limit",
                          "credit_limit has no currency");
    Money limit;
    TRY(mapping_money(cx, &im->mapping, from, at[CREDIT_LIMIT], currency, &r->has_credit_limit, &limit));
    if (r->has_credit_limit && limit.minor < 0)
        return fail_field(cx, INVALID, "credit_limit", NULL, "credit_limit is negative");
    r->credit_limit = r->has_credit_limit ? limit.minor : 0;
    return OK;
}

static enum rc read(struct ctx *cx, struct import *im, const struct table_row *from, void *out_row) {
    const int *at = im->own;
    struct customer_row *r = out_row;
    Str kind;
    TRY(import_required(cx, im, from, at[CODE], &r->code));
    if (str_codepoints(r->code) > 64)
        return fail_field(cx, INVALID, "code", NULL, "the code is longer than 64 characters");
    TRY(import_required(cx, im, from, at[NAME], &r->name));
    struct {
        int field;
        Str *out;
    } const texts[] = {{TAX_ID, &r->tax_id},
                       {KIND, &kind},
                       {EMAIL, &r->email},
                       {PHONE, &r->phone},
                       {WHATSAPP, &r->whatsapp},
                       {CONTACT_NAME, &r->contact_name},
                       {CONTACT_ROLE, &r->contact_role},
                       {COUNTRY, &r->country},
                       {REGION, &r->region},
                       {LANGUAGE, &r->language},
                       {ZONE, &r->zone},
                       {SEGMENT, &r->segment},
                       {SECTOR, &r->sector},
                       {PROFILE, &r->profile},
                       {CURRENCY, &r->currency},
                       {PAYMENT_TERMS, &r->payment_terms},
                       {COLLECTOR, &r->collector},
                       {SELLER, &r->seller}};
    for (size_t i = 0; i < COUNT_OF(texts); i++) TRY(import_text(cx, im, from, at[texts[i].field], texts[i].out));
    TRY(read_kind(cx, kind, &r->is_person));
    TRY(check_places(cx, r));
    TRY(read_limit(cx, im, from, r));
    return import_custom(cx, im, from, &r->custom);
}

static enum rc book(struct ctx *cx, struct import *im, const void *rows, size_t n, struct row_result *out_results) {
    return booking_customers(cx, &im->booking, rows, n, out_results);
}

static enum rc end(struct ctx *cx, struct import *im, Str data, int64_t *out_settled) {
    return booking_end(cx, &im->booking, data, out_settled);
}

static const struct import_driver driver = {&import_customers, sizeof(struct customer_row), begin, read, book, end};

enum rc import_one_customer(struct ctx *cx, struct call *call) {
    int at[FIELDS];
    return import_one(cx, call, &driver, at, "the customer is there already");
}

static enum rc customer_import(struct ctx *cx, struct call *call) {
    int at[FIELDS];
    return import_file(cx, call, &driver, at);
}

const struct action customer_import_action = {
    .verb = "customer import",
    .path = "POST /customers/import",
    .summary = "Import customers and their contacts from CSV or XLSX",
    .details = "Columns: code and name, and if present tax_id, kind (company or person), email, phone, whatsapp, "
               "contact_name, contact_role, country, "
               "region, language, zone, segment, sector, profile, currency, credit_limit, payment_terms, collector, seller. "
               "Spanish and Portuguese headings are "
               "known too. A customer imported again is updated.",
    .needs = CAP_CUSTOMER_WRITE,
    .tx = TX_NONE,
    .params = PARAMS(IMPORT_PARAMS),
    .run = customer_import,
    .is_slow = true,
};
