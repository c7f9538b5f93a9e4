/* The statements of many customers as one archive of PDFs, made and sent one after another (REQ: A4 E2). */
#include "account/access.h"
#include "action/bulk.h"
#include "action/statement_data.h"
#include "document/zip_out.h"

#define MAX_PDF ((size_t)64 * 1024 * 1024)
#define SET 50        /* statements of one transaction */
#define LONGEST 120   /* bytes of a code in a name */

/* ---- names ---- */

/* Names given so far, by a hash of them in small letters: some file systems tell no capitals. */
struct names {
    uint64_t *seen;
    size_t room; /* a power of two, more than twice the names */
};

static uint64_t hash_of(Str name) {
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];
        h = (h ^ (c >= 'A' && c <= 'Z' ? c + 32u : c)) * UINT64_C(1099511628211);
    }
    return h ? h : 1;
}

/* False when it, or by a rare chance another of the same hash, was given. */
static bool names_take(struct names *n, Str name) {
    uint64_t hash = hash_of(name);
    for (size_t i = (size_t)hash & (n->room - 1);; i = (i + 1) & (n->room - 1)) {
        if (n->seen[i] == hash) return false;
        if (n->seen[i]) continue;
        n->seen[i] = hash;
        return true;
    }
}

static struct names names_make(struct arena *arena, size_t count) {
    struct names n = {.room = 16};
    while (n.room < 3 * count) n.room *= 2;
    n.seen = ARENA_ARRAY(arena, uint64_t, n.room);
    return n;
}

/* CODE_DATE.pdf: what could lead elsewhere, or means more than itself, is a percent escape; the day behind it keeps words apart that Windows has
 * taken (CON, NUL). A name some system could not tell from another's gets the customer's number. */
static const char *name_of(struct ctx *cx, struct names *names, const struct statement_doc *d, int64_t id) {
    char day[DATE_TEXT];
    struct buf b = buf_make(4096);
    if (d->code.n == 0 || d->code.p[0] == '.' || d->code.p[0] == '-') buf_add_char(&b, '_');
    buf_add_url(&b, d->code);
    bool is_long = b.n > LONGEST;
    Str head = arena_str(cx->arena, (Str){b.p, is_long ? LONGEST : b.n});
    buf_done(&b);
    Str date = date_iso(d->at, day), name = arena_printf(cx->arena, "%.*s_%.*s", STR_ARG(head), STR_ARG(date));
    if (is_long || !names_take(names, name)) name = arena_printf(cx->arena, "%.*s_%lld", STR_ARG(name), (long long)id);
    return arena_printf(cx->arena, "%.*s.pdf", STR_ARG(name)).p;
}

/* ---- making ---- */

struct zipping {
    struct call *call;
    struct zip_out *zip;
    struct names names;
    const struct pdf_image *logo;
    Date at;
};

static enum rc add_one(struct ctx *cx, struct zipping *z, int64_t id) {
    struct statement_doc d;
    AUTO(buf_done) struct buf b = buf_make(MAX_PDF);
    TRY(statement_load(cx, z->call->app, id, z->at, &d));
    d.with_moves = arg_flag(z->call, "movements");
    d.logo = z->logo;
    TRY(statement_pdf(cx, &d, &b));
    if (!buf_ok(&b)) return fail(cx, INVALID, "the statement of %.*s is too long for a file", STR_ARG(d.code));
    return zip_out_add(cx, z->zip, name_of(cx, &z->names, &d, id), cx->now, buf_str(&b));
}

/* A set in a transaction of its own: one held for all of them would keep the database from tidying up for minutes. */
static enum rc add_set(struct ctx *cx, struct zipping *z, const int64_t *ids, size_t count) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, z->call->app->db, TX_READ));
    for (size_t i = 0; i < count; i++) {
        AUTO(arena_release) struct arena *own = arena_new();
        struct arena *outer = cx->arena;
        cx->arena = own;
        enum rc rc = add_one(cx, z, ids[i]);
        cx->arena = outer;
        TRY(rc);
    }
    return tx_commit(scope);
}

static enum rc add_all(struct ctx *cx, struct zipping *z, const struct bulk_choice *choice) {
    for (size_t at = 0; at < choice->count; at += SET) {
        size_t n = choice->count - at < SET ? choice->count - at : SET;
        if (z->call->stop && *z->call->stop) return fail(cx, BUSY, "the program ends; ask again later");
        TRY(add_set(cx, z, choice->ids + at, n));
        if (z->call->progress) z->call->progress(z->call->self, "statements", (int64_t)(at + n), (int64_t)choice->count);
    }
    return OK;
}

/* Before the first byte leaves: what leaves without a name for it must not. */
static enum rc note_what_leaves(struct ctx *cx, struct call *call, size_t count) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, call->app->db, TX_WRITE));
    TRY(access_note_actor(cx, "export", arena_printf(cx->arena, "statements:%zu", count)));
    return tx_commit(scope);
}

static enum rc refuse_unknown(struct ctx *cx, const struct bulk_choice *choice) {
    if (choice->unknown_count)
        return fail_field(cx, NOT_FOUND, "code", "aldia customer list shows the codes", "there is no customer %.*s", STR_ARG(choice->unknown[0]));
    return choice->count ? OK : fail_field(cx, INVALID, "state", "choose another filter", "the filter shows nobody");
}

static enum rc zip_run(struct ctx *cx, struct call *call) {
    struct bulk_choice choice;
    AUTO(zip_out_drop) struct zip_out *zip = NULL;
    struct zipping z = {.call = call, .at = arg_has(call, "at") ? arg_date(call, "at") : app_today(cx, call->app)};
    char day[DATE_TEXT];
    if (!call->pour) return fail(cx, INVALID, "the archive is a file: it cannot be shown here");
    TRY(bulk_choose(cx, call, &choice));
    TRY(refuse_unknown(cx, &choice));
    TRY(logo_load(cx, call->app, &z.logo));
    TRY(note_what_leaves(cx, call, choice.count));
    call->raw_type = "application/zip";
    Str date = date_iso(z.at, day);
    call->raw_name = arena_printf(cx->arena, "statements_%.*s.zip", STR_ARG(date)).p;
    z.names = names_make(cx->arena, choice.count);
    TRY(zip_out_open(cx, call->pour, call->self, &zip));
    z.zip = zip;
    TRY(add_all(cx, &z, &choice));
    return zip_out_close(cx, zip);
}

const struct action statement_zip_action = {
    .verb = "statement zip",
    .path = "GET /customers/statements",
    .summary = "The statements of many customers as one ZIP archive of PDFs",
    .details = "Of the customers named, or of everybody a filter of the portfolio shows. It leaves while it is made, so that any number of them needs no "
               "room; a file is named by the customer's code and the day. On the command line it goes to the standard output.",
    .needs = CAP_MONEY_READ,
    .tx = TX_NONE,
    .params = PARAMS(BULK_CHOICE, {"at", P_DATE, OPTIONAL, "as of the end of this day; else today", NULL},
                     {"movements", P_FLAG, OPTIONAL, "the PDF lists the movements too", NULL}),
    .run = zip_run,
    .is_slow = true,
    .exports = "statements:*",
};
