/* instance.id: uuid, machine, device, inode and path, one a line. */
#include "action/instance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "action/action.h"
#include "action_sql.h"
#include "base/file.h"
#include "base/random.h"
#include "customer_sql.h"
#include "outbox_sql.h"
#include "timeline/timeline.h"

static Str machine(struct ctx *cx) {
    Str text;
    struct fault before = cx->fault;
    if (file_read(cx, "/etc/machine-id", 256, &text) == OK) return str_trim(text);
    cx->fault = before;
    return S("none");
}

/* What the file must say for the database as it lies there now. */
static Str describe(struct ctx *cx, const struct app *app, Str uuid) {
    const char *path = db_path(app->db);
    struct stat st = {0};
    char *real = path ? realpath(path, NULL) : NULL;
    if (path && stat(path, &st) != 0) st = (struct stat){0};
    Str text = arena_printf(cx->arena, "%.*s\n%.*s\n%llu\n%llu\n%s\n", STR_ARG(uuid), STR_ARG(machine(cx)),
                            (unsigned long long)st.st_dev, (unsigned long long)st.st_ino, real ? real : app->data_dir);
    mem_free(real);
    return text;
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

enum rc instance_check(struct ctx *cx, struct app *app, const struct journal *journal, bool *out_genuine) {
    struct instance_get_row row;
    bool found;
    *out_genuine = false;
    {
        AUTO(tx_end) struct ctx *scope = cx;
        TRY(tx_begin(cx, app->db, TX_READ));
        TRY(instance_get(cx, &row, &found));
        TRY(tx_commit(scope));
    }
    if (!found || instant_is_none(row.confirmed_at)) return OK;
    if (journal && journal->seq > row.journal_seq) return OK;
    Str written;
    struct fault before = cx->fault;
    enum rc rc = file_read(cx, app_path(cx, app, "instance.id"), 8192, &written);
    if (rc == NOT_FOUND) {
        cx->fault = before;
        return OK;
    }
    TRY(rc);
    *out_genuine = str_equal(written, describe(cx, app, row.uuid));
    return OK;
}

enum rc instance_create(struct ctx *cx, struct app *app) {
    Str uuid = new_uuid(cx);
    TRY(instance_insert(cx, &(struct instance_insert_params){.uuid = uuid, .confirmed_at = cx->now}));
    return file_write(cx, app_path(cx, app, "instance.id"), describe(cx, app, uuid), 0600);
}

/* ---- taking over what the journal knows ---- */

struct journal_entry {
    struct journal_entry *next;
    Str message_id, rest;
    bool undone;
};

struct replay {
    struct app *app;
    struct journal_entry *first, *last;
    int64_t restored;
};

static Str url_decode(struct arena *arena, Str s) {
    char *out = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned value;
        char digits[3] = {i + 2 < s.n ? s.p[i + 1] : '\0', i + 2 < s.n ? s.p[i + 2] : '\0', '\0'};
        if (s.p[i] == '%' && sscanf(digits, "%2x", &value) == 1) {
            out[n++] = (char)value;
            i += 2;
        } else {
            out[n++] = s.p[i];
        }
    }
    return (Str){out, n};
}

static enum rc gather(struct ctx *cx, void *self, Str sort, int64_t seq, Str rest) {
    struct replay *r = self;
    (void)seq;
    if (str_is(sort, "U")) {
        for (struct journal_entry *e = r->first; e; e = e->next)
            if (str_equal(e->message_id, rest)) e->undone = true;
        return OK;
    }
    struct journal_entry *e = ARENA_NEW(cx->arena, struct journal_entry);
    e->rest = arena_str(cx->arena, rest);
    Str fields = e->rest;
    str_cut(&fields, ' ');
    str_cut(&fields, ' ');
    e->message_id = str_cut(&fields, ' ');
    *(r->last ? &r->last->next : &r->first) = e;
    r->last = e;
    return OK;
}

/* NUMBER:POSITION:STEP:OCCURRENCE */
static enum rc restore_pair(struct ctx *cx, Str pair, Date date, Str *out_step) {
    Str number = url_decode(cx->arena, str_cut(&pair, ':')), position = pair.p ? str_cut(&pair, ':') : S("");
    Str step = pair.p ? str_cut(&pair, ':') : S("");
    int64_t at, occurrence;
    if (!str_to_i64(position, &at) || !pair.p || !str_to_i64(pair, &occurrence)) return OK;
    *out_step = step;
    return restored_step_put(
        cx, &(struct restored_step_put_params){
                .number = number, .position = at, .step = step, .occurrence = occurrence, .date = date});
}

static enum rc restore_entry(struct ctx *cx, struct replay *r, const struct journal_entry *e) {
    Str fields = e->rest;
    int64_t handed_ms;
    if (!str_to_i64(str_cut(&fields, ' '), &handed_ms) || !fields.p) return OK;
    Instant handed = {handed_ms};
    Date date = zone_date(r->app->company.zone, handed);
    Str code = url_decode(cx->arena, str_cut(&fields, ' ')), step = S("");
    str_cut(&fields, ' ');
    while (fields.p) TRY(restore_pair(cx, str_cut(&fields, ' '), date, &step));
    r->restored++;
    struct customer_by_code_row customer;
    struct action_by_message_id_row known;
    struct action_next_id_row next;
    bool found;
    TRY(customer_by_code(cx, &(struct customer_by_code_params){.code = code}, &customer, &found));
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

enum rc instance_adopt(struct ctx *cx, struct app *app, int64_t *out_restored) {
    struct journal journal;
    const char *path = app_path(cx, app, "handoff.journal");
    TRY(journal_open(cx, path, &journal));
    int64_t last = journal.seq;
    journal_close(&journal);
    struct replay r = {.app = app};
    Str uuid = new_uuid(cx);
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_WRITE));
    struct instance_get_row row;
    bool found;
    TRY(instance_get(cx, &row, &found));
    if (!found) return fail(cx, INTERNAL, "the database has no identity");
    TRY(journal_read(cx, path, row.journal_seq, gather, &r));
    for (const struct journal_entry *e = r.first; e; e = e->next)
        if (!e->undone) TRY(restore_entry(cx, &r, e));
    if (last > row.journal_seq) TRY(journal_advance(cx, &(struct journal_advance_params){.journal_seq = last}));
    TRY(instance_confirm(cx, &(struct instance_confirm_params){.uuid = uuid}));
    Str data = arena_printf(cx->arena, "{\"restored\":%lld}", (long long)r.restored);
    TRY(event_note(cx, "instance.confirmed", 0, S(""), data));
    TRY(tx_commit(scope));
    *out_restored = r.restored;
    return file_write(cx, app_path(cx, app, "instance.id"), describe(cx, app, uuid), 0600);
}

static enum rc instance_confirm_run(struct ctx *cx, struct call *call) {
    bool yes = call->yes || (call->confirm &&
                             call->confirm(call->self, "Is this the live installation, the only one that may send?"));
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
    .params = NO_PARAMS,
    .run = instance_confirm_run,
};
