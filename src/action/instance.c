/* instance.id lies beside the database and says, one a line: the uuid in the database; machine, device, inode and path
 * of the database (on PostgreSQL its name and number there); and the moment at which the file itself was born.
 *
 * A copy at another place differs in inode and path, one on another machine in its id, a restored database in uuid or
 * journal. Whoever copies the whole folder back over itself in place, changing no inode, brings back an instance.id
 * that tells of another birth than the file it now stands in. */
#include "action/instance.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "action/action.h"
#include "action_sql.h"
#include "base/file.h"
#include "base/random.h"
#include "company_sql.h"
#include "customer_sql.h"
#include "health_sql.h"
#include "outbox/journal.h"
#include "outbox_sql.h"
#include "timeline/timeline.h"

#define ID_FILE "instance.id"
#define JOURNAL_FILE "handoff.journal"

static Str machine(struct ctx *cx) {
    Str text;
    struct fault before = cx->fault;
    if (file_read(cx, "/etc/machine-id", 256, &text) == OK) return str_trim(text);
    cx->fault = before;
    return S("none");
}

/* What the file must say for the database as it is now, but for the file's own birth. Needs a transaction. */
static enum rc describe(struct ctx *cx, const struct app *app, Str uuid, Str *out) {
    const char *path = db_path(app->db);
    struct stat st = {0};
    struct database_identity_row database;
    TRY(database_identity(cx, &database));
    if (path && stat(path, &st) != 0) st = (struct stat){0};
    char *real = realpath(path ? path : app->data_dir, NULL);
    *out = arena_printf(cx->arena, "%.*s\n%.*s\n%llu\n%llu\n%s\n%.*s\n", STR_ARG(uuid), STR_ARG(machine(cx)),
                        (unsigned long long)st.st_dev, (unsigned long long)st.st_ino, real ? real : app->data_dir,
                        STR_ARG(database.identity));
    mem_free(real);
    return OK;
}

/* 0 where the file system keeps none. */
static unsigned long long birth_of(const char *path) {
    struct statx st;
    if (statx(AT_FDCWD, path, 0, STATX_BTIME, &st) != 0 || !(st.stx_mask & STATX_BTIME)) return 0;
    return (unsigned long long)st.stx_btime.tv_sec * 1000000000 + st.stx_btime.tv_nsec;
}

/* Born first, then filled, then put in place. */
static enum rc write_id(struct ctx *cx, const struct app *app, Str text) {
    const char *path = app_path(cx, app, ID_FILE);
    const char *fresh = arena_cstr(cx->arena, arena_printf(cx->arena, "%s.%ld.new", path, (long)getpid()));
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return fail(cx, INTERNAL, "could not write %s: %s", fresh, strerror(errno));
    text = arena_printf(cx->arena, "%.*s%llu\n", STR_ARG(text), birth_of(fresh));
    bool good = write(fd, text.p, text.n) == (ssize_t)text.n && fsync(fd) == 0;
    int reason = errno;
    if (close(fd) == 0 && good && rename(fresh, path) == 0) return dir_sync(cx, app->data_dir);
    if (good) reason = errno;
    unlink(fresh);
    return fail(cx, INTERNAL, "could not write %s: %s", path, strerror(reason));
}

static Str new_uuid(struct ctx *cx) {
    unsigned char bytes[16];
    random_bytes(bytes, sizeof bytes);
    struct buf b = buf_make(64);
    buf_add_hex(&b, bytes, sizeof bytes);
    Str text = arena_str(cx->arena, buf_str(&b));
    buf_done(&b);
    return text;
}

/* OK when the journal belongs to the database as it is: not newer, and not gone. */
static enum rc check_journal(struct ctx *cx, const struct app *app, int64_t known_seq, bool *out_good) {
    int64_t seq = 0;
    struct fault before = cx->fault;
    enum rc rc = journal_peek(cx, app_path(cx, app, JOURNAL_FILE), &seq);
    if (rc == NOT_FOUND) {
        cx->fault = before;
        *out_good = known_seq == 0;
        return OK;
    }
    TRY(rc);
    *out_good = seq <= known_seq;
    return OK;
}

/* The file's text but for the last line, which must tell the birth of the file. */
static enum rc check_id(struct ctx *cx, const struct app *app, Str wanted, bool *out_good) {
    Str written;
    const char *path = app_path(cx, app, ID_FILE);
    struct fault before = cx->fault;
    enum rc rc = file_read(cx, path, 8192, &written);
    *out_good = false;
    if (rc == NOT_FOUND) {
        cx->fault = before;
        return OK;
    }
    TRY(rc);
    wanted = arena_printf(cx->arena, "%.*s%llu\n", STR_ARG(wanted), birth_of(path));
    *out_good = str_equal(written, wanted);
    return OK;
}

enum rc instance_check(struct ctx *cx, struct app *app, bool *out_genuine) {
    struct instance_get_row row;
    bool found, good;
    Str wanted;
    *out_genuine = false;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_READ));
    TRY(instance_get(cx, &row, &found));
    if (!found || instant_is_none(row.confirmed_at)) return OK;
    TRY(describe(cx, app, row.uuid, &wanted));
    TRY(check_journal(cx, app, row.journal_seq, &good));
    if (good) TRY(check_id(cx, app, wanted, out_genuine));
    return tx_commit(scope);
}

static enum rc renew(struct ctx *cx, struct app *app) {
    struct instance_get_row row;
    bool found;
    Str text;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, app->db, TX_WRITE)); /* so that a confirmation does not come between */
    TRY(instance_get(cx, &row, &found));
    if (!found) return OK;
    TRY(describe(cx, app, row.uuid, &text));
    return write_id(cx, app, text);
}

void instance_renew(struct ctx *cx, struct app *app) {
    struct fault before = cx->fault;
    if (renew(cx, app) != OK) cx->fault = before;
}

enum rc instance_create(struct ctx *cx, struct app *app) {
    Str uuid = new_uuid(cx), text;
    TRY(instance_insert(cx, &(struct instance_insert_params){.uuid = uuid, .confirmed_at = cx->now}));
    TRY(describe(cx, app, uuid, &text));
    return write_id(cx, app, text);
}

/* ---- taking over what the journal knows ---- */

struct handed {
    Str message_id, rest;
    int64_t seq;
};

/* A message that was handed over and then surely did not leave. */
struct undone {
    Str message_id;
    int64_t seq;
};

struct replay {
    Str company; /* code of the one whose lines are being taken over; empty in lines of old, which are the first's */
    const struct zone *zone;
    bool known; /* false: there is no such company in this database */
    VEC_OF(struct handed) handed;
    VEC_OF(struct undone) undone; /* sorted by id and sequence before use */
    int64_t restored;
};

static enum rc gather(struct ctx *cx, void *self, Str sort, int64_t seq, Str rest) {
    struct replay *r = self;
    rest = arena_str(cx->arena, rest);
    if (str_is(sort, "U")) {
        *VEC_PUSH(cx->arena, &r->undone) = (struct undone){rest, seq};
        return OK;
    }
    if (!str_is(sort, "T")) return OK;
    Str fields = rest;
    str_cut(&fields, ' ');
    if (fields.p) str_cut(&fields, ' ');
    if (fields.p) *VEC_PUSH(cx->arena, &r->handed) = (struct handed){str_cut(&fields, ' '), rest, seq};
    return OK;
}

static int compare_undone(const void *left, const void *right) {
    const struct undone *a = left, *b = right;
    int order = str_compare(a->message_id, b->message_id);
    return order ? order : (a->seq > b->seq) - (a->seq < b->seq);
}

/* Was it taken back later? A message may be handed over, taken back, and handed over again under the same id. */
static bool is_undone(const struct replay *r, const struct handed *h) {
    size_t low = 0, high = r->undone.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct undone *u = &r->undone.items[middle];
        int order = str_compare(u->message_id, h->message_id);
        if (order < 0 || (order == 0 && u->seq <= h->seq))
            low = middle + 1;
        else
            high = middle;
    }
    return low < r->undone.count && str_equal(r->undone.items[low].message_id, h->message_id);
}

/* NUMBER:POSITION:STEP:OCCURRENCE */
static enum rc restore_pair(struct ctx *cx, Str pair, Date date, Str *out_step) {
    Str number = str_url_decode(cx->arena, str_cut(&pair, ':')), position = pair.p ? str_cut(&pair, ':') : S("");
    Str step = pair.p ? str_cut(&pair, ':') : S("");
    int64_t at, occurrence;
    if (!str_to_i64(position, &at) || !pair.p || !str_to_i64(pair, &occurrence)) return OK;
    *out_step = step;
    return restored_step_put(
        cx, &(struct restored_step_put_params){
                .number = number, .position = at, .step = step, .occurrence = occurrence, .date = date});
}

/* From here on everything is done in that company. */
static enum rc enter_company(struct ctx *cx, struct replay *r, Str code) {
    struct company_get_row company;
    int64_t id = 0;
    if (r->company.p && str_equal(r->company, code)) return OK;
    if (code.n) {
        struct company_by_code_row row;
        TRY(company_by_code(cx, &(struct company_by_code_params){.code = code}, &row, &r->known));
        if (r->known) id = row.id;
    } else {
        struct company_first_row row;
        TRY(company_first(cx, &row, &r->known));
        if (r->known) id = row.id;
    }
    r->company = code;
    if (!r->known) return OK;
    cx->company_id = id;
    TRY(company_get(cx, &company));
    return zone_find(cx, company.zone, &r->zone);
}

static enum rc restore_entry(struct ctx *cx, struct replay *r, const struct handed *e) {
    Str fields = e->rest;
    int64_t handed_ms;
    if (!str_to_i64(str_cut(&fields, ' '), &handed_ms) || !fields.p) return OK;
    Instant handed = {handed_ms};
    Str who = str_cut(&fields, ' '), step = S("");
    bool names_company = str_index(who, '/') < who.n;
    TRY(enter_company(cx, r, names_company ? str_url_decode(cx->arena, str_cut(&who, '/')) : S("")));
    if (!r->known) return OK;
    Date date = zone_date(r->zone, handed);
    Str code = str_url_decode(cx->arena, who);
    str_cut(&fields, ' ');
    while (fields.p) TRY(restore_pair(cx, str_cut(&fields, ' '), date, &step));
    struct customer_by_code_row customer;
    struct action_by_message_id_row known;
    struct action_next_id_row next;
    bool found;
    TRY(customer_seen_by_code(cx, &(struct customer_seen_by_code_params){.code = code}, &customer, &found));
    if (!found) return OK;
    TRY(action_by_message_id(
        cx, &(struct action_by_message_id_params){.message_id = e->message_id, .customer_id = customer.id}, &known,
        &found));
    if (found) return OK;
    TRY(action_next_id(cx, &next));
    return action_restored(cx, &(struct action_restored_params){.id = next.id,
                                                                .customer_id = customer.id,
                                                                .step = step,
                                                                .planned_date = date,
                                                                .message_id = e->message_id,
                                                                .handed_at = handed,
                                                                .channel = S("email")});
}

/* It is told in the chain of every company. */
static enum rc note_confirmed(struct ctx *cx, int64_t restored) {
    VEC_OF(int64_t) companies = {0};
    {
        AUTO(company_all_close) struct company_all_cursor cursor = {0};
        TRY(company_all_open(cx, &cursor));
        for (;;) {
            struct company_all_row row;
            bool more;
            TRY(company_all_next(cx, &cursor, &row, &more));
            if (!more) break;
            *VEC_PUSH(cx->arena, &companies) = row.id;
        }
    }
    Str data = arena_printf(cx->arena, "{\"restored\":%lld}", (long long)restored);
    for (size_t i = 0; i < companies.count; i++) {
        cx->company_id = companies.items[i];
        TRY(event_note(cx, "instance.confirmed", 0, S(""), data));
    }
    return OK;
}

/* Within the writing transaction: two confirmations follow one another, and the later's file stays. */
static enum rc adopt(struct ctx *cx, struct app *app, int64_t *out_restored) {
    struct journal journal;
    struct instance_get_row row;
    struct replay r = {0};
    bool found;
    const char *path = app_path(cx, app, JOURNAL_FILE);
    Str uuid = new_uuid(cx), text;
    TRY(instance_get(cx, &row, &found));
    if (!found) return fail(cx, INTERNAL, "the database has no identity");
    TRY(journal_open(cx, path, &journal));
    int64_t last = journal.seq;
    journal_close(&journal);
    TRY(journal_read(cx, path, row.journal_seq, gather, &r));
    if (r.undone.count) qsort(r.undone.items, r.undone.count, sizeof *r.undone.items, compare_undone);
    for (size_t i = 0; i < r.handed.count; i++)
        if (!is_undone(&r, &r.handed.items[i])) {
            bool same = i && str_equal(r.handed.items[i].message_id, r.handed.items[i - 1].message_id);
            if (!same) r.restored++; /* a long message has several lines */
            TRY(restore_entry(cx, &r, &r.handed.items[i]));
        }
    if (last > row.journal_seq) TRY(journal_advance(cx, &(struct journal_advance_params){.journal_seq = last}));
    TRY(instance_confirm(cx, &(struct instance_confirm_params){.uuid = uuid}));
    TRY(note_confirmed(cx, r.restored));
    TRY(describe(cx, app, uuid, &text));
    *out_restored = r.restored;
    return write_id(cx, app, text);
}

enum rc instance_adopt(struct ctx *cx, struct app *app, int64_t *out_restored) {
    int64_t restored, company_id = cx->company_id;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_WRITE));
    enum rc rc = adopt(cx, app, &restored);
    cx->company_id = company_id;
    TRY(rc);
    TRY(tx_commit(scope));
    *out_restored = restored;
    return OK;
}

static enum rc instance_confirm_run(struct ctx *cx, struct call *call) {
    bool yes = call->yes || (call->confirm &&
                             call->confirm(call->self, phrase(cx, "Is this the live installation, the only one that may send?")));
    if (!yes)
        return fail_field(cx, DENIED, "yes", "say --yes if this is the live installation, and no copy of it sends",
                          "the instance was not confirmed");
    int64_t restored;
    TRY(instance_adopt(cx, call->app, &restored));
    json_object(call->out);
    json_put_bool(call->out, "confirmed", true);
    json_put_i64(call->out, "restored", restored);
    json_object_end(call->out);
    return OK;
}

const struct action instance_confirm_action = {
    .verb = "instance confirm",
    .summary = "After a restore or copy: this is the live installation",
    .details = "A restored or copied installation sends nothing until a person confirms it. What the hand-off journal "
               "says was handed over after the backup "
               "is marked as sent and never repeated.",
    .needs = CAP_ADMIN,
    .tx = TX_NONE,
    .of_installation = true,
    .params = NO_PARAMS,
    .run = instance_confirm_run,
};
