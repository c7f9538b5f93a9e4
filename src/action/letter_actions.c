/* Letters: handed over to print once, put together in a batch, and what the post did with them (REQ: C6).
 *
 * A letter passes the same gate as a mail, one by one (T); its bytes, a PDF, are kept then. The batch is made of kept
 * bytes and can be made again from them, but only when somebody says so. */
#include <stdio.h>
#include <string.h>

#include "action/action.h"
#include "action/env.h"
#include "action/instance.h"
#include "action/lookup.h"
#include "action/paging.h"
#include "base/file.h"
#include "channel/letter.h"
#include "document/letter_doc.h"
#include "document/pdf.h"
#include "letter_sql.h"
#include "outbox/kept.h"
#include "outbox_sql.h"
#include "store/file_store.h"
#include "timeline/timeline.h"

/* ---- batches ---- */

/* All that was handed over and lies in no batch. *out_batch 0: nothing. */
static enum rc gather_batch(struct ctx *cx, struct app *app, int64_t *out_batch, int64_t *out_letters) {
    VEC_OF(struct letters_unbatched_row) rows = {0};
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_WRITE));
    {
        AUTO(letters_unbatched_close) struct letters_unbatched_cursor cursor;
        TRY(letters_unbatched_open(cx, &cursor));
        for (;;) {
            struct letters_unbatched_row r;
            bool more;
            TRY(letters_unbatched_next(cx, &cursor, &r, &more));
            if (!more) break;
            *VEC_PUSH(cx->arena, &rows) = r;
        }
    }
    *out_batch = 0;
    *out_letters = (int64_t)rows.count;
    if (rows.count == 0) return tx_commit(scope);
    struct letter_batch_next_id_row next;
    TRY(letter_batch_next_id(cx, &next));
    TRY(letter_batch_insert(cx, &(struct letter_batch_insert_params){.id = next.id, .actor = str_from(cx->actor)}));
    for (size_t i = 0; i < rows.count; i++)
        TRY(letter_insert(cx, &(struct letter_insert_params){.action_id = rows.items[i].id,
                                                             .customer_id = rows.items[i].customer_id,
                                                             .batch_id = next.id,
                                                             .position = (int64_t)i + 1}));
    *out_batch = next.id;
    return tx_commit(scope);
}

struct printed {
    int64_t batch, letters, pages;
    bool is_again;
    unsigned char hash[32];
};

static enum rc read_batch(struct ctx *cx, int64_t batch, Str **out_documents, size_t *out_count) {
    VEC_OF(struct letters_of_batch_row) rows = {0};
    {
        AUTO(letters_of_batch_close) struct letters_of_batch_cursor cursor;
        TRY(letters_of_batch_open(cx, &(struct letters_of_batch_params){.batch_id = batch}, &cursor));
        for (;;) {
            struct letters_of_batch_row r;
            bool more;
            TRY(letters_of_batch_next(cx, &cursor, &r, &more));
            if (!more) break;
            r.body_hash = arena_str(cx->arena, r.body_hash);
            *VEC_PUSH(cx->arena, &rows) = r;
        }
    }
    Str *documents = ARENA_ARRAY(cx->arena, Str, rows.count + 1);
    for (size_t i = 0; i < rows.count; i++)
        TRY(kept_load(cx, rows.items[i].action_id, rows.items[i].body_hash, &documents[i]));
    *out_documents = documents;
    *out_count = rows.count;
    return OK;
}

/* The file, then the mark that it was printed, with its hash in the timeline. */
static enum rc print_batch(struct ctx *cx, struct app *app, int64_t batch, const char *path, struct printed *out) {
    Str *documents;
    size_t count;
    struct letter_batch_get_row row;
    bool found;
    AUTO(buf_done) struct buf pdf = buf_make((size_t)1 << 30);
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_WRITE));
    TRY(letter_batch_get(cx, &(struct letter_batch_get_params){.id = batch}, &row, &found));
    if (!found)
        return fail_field(cx, NOT_FOUND, "batch", "aldia letter list shows the batches", "there is no batch %lld", (long long)batch);
    TRY(read_batch(cx, batch, &documents, &count));
    *out = (struct printed){.batch = batch, .letters = (int64_t)count, .is_again = row.printed > 0};
    TRY(pdf_merge(cx, documents, count, &pdf, &out->pages));
    TRY(file_write(cx, path, buf_str(&pdf), 0600));
    file_hash(buf_str(&pdf), out->hash);
    TRY(letter_batch_printed(cx, &(struct letter_batch_printed_params){.id = batch, .hash = {(const char *)out->hash, 32}}));
    AUTO(buf_done) struct buf data = buf_make(4096);
    buf_printf(&data, "{\"letters\":%zu,\"pages\":%lld,\"sha256\":\"", count, (long long)out->pages);
    buf_add_hex(&data, out->hash, sizeof out->hash);
    buf_add(&data, S("\"}"));
    TRY(event_note(cx, out->is_again ? "letters.printed_again" : "letters.printed", 0,
                   arena_printf(cx->arena, "%lld", (long long)batch), buf_str(&data)));
    return tx_commit(scope);
}

/* ---- handing over ---- */

static enum rc build_env(struct ctx *cx, struct app *app, struct plan_env *env) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_READ));
    TRY(env_build(cx, app, env));
    return tx_commit(scope);
}

/* Every pending letter through the gate. Where nothing may leave (kill switch, stale data, an installation that was
 * copied), the gate refuses each and says why. */
static enum rc hand_over(struct ctx *cx, struct call *call, struct outbox_counts *counts) {
    struct plan_env env;
    struct mail_setup mail;
    bool genuine = false;
    TRY(build_env(cx, call->app, &env));
    TRY(instance_check(cx, call->app, &genuine));
    if (!genuine) {
        counts->held[REASON_INSTANCE_UNCONFIRMED] = 1;
        return OK;
    }
    enum rc rc = mail_open(cx, call->app, &env, &mail);
    if (rc == OK) rc = data_fresh_until(cx, call->app, &mail.config.data_fresh_until_ms);
    mail.config.driver = &letter_driver;
    mail.config.driver_config = NULL;
    mail.config.captures = false;
    mail.config.connections = 0;
    mail.config.letters = true;
    int64_t seq_before = mail.journal.seq;
    if (rc == OK) rc = outbox_run(cx, &mail.config, counts);
    if (mail.journal.seq != seq_before && !call->app->is_relaxed) instance_renew(cx, call->app);
    mail_close(&mail);
    return rc;
}

static void put_printed(struct ctx *cx, struct call *call, const struct printed *p, const struct outbox_counts *counts, int64_t interrupted) {
    struct json_writer *w = call->out;
    if (p->letters) call->exported = arena_printf(cx->arena, "%lld", (long long)p->batch);
    json_object(w);
    json_put_i64(w, "batch", p->batch);
    json_put_i64(w, "letters", p->letters);
    json_put_i64(w, "pages", p->pages);
    json_put_bool(w, "again", p->is_again);
    if (interrupted) json_put_i64(w, "interrupted_batch", interrupted);
    json_put_i64(w, "deferred", counts->deferred);
    json_key(w, "held");
    json_object(w);
    for (int i = 0; i < REASON_COUNT; i++)
        if (counts->held[i]) json_put_i64(w, reason_code_name((enum reason_code)i), counts->held[i]);
    json_object_end(w);
    json_object_end(w);
}

static enum rc print_run(struct ctx *cx, struct call *call) {
    struct app *app = call->app;
    const char *path = arena_cstr(cx->arena, arg_text(call, "out"));
    struct outbox_counts counts = {0};
    struct printed printed = {0};
    int64_t interrupted = 0, left = 0;
    if (file_exists(path))
        return fail_field(cx, CONFLICT, "out", "choose another name", "%s exists already", path);
    if (arg_has(call, "batch")) {
        TRY(print_batch(cx, app, arg_int(call, "batch", 0), path, &printed));
        put_printed(cx, call, &printed, &counts, 0);
        return OK;
    }
    if (!setting_on(&app->settings, &letters_setting))
        return fail_field(cx, CONFLICT, NULL, "write letters = on into aldia.conf", "letters are switched off");
    /* What an earlier command handed over and could not print gets a batch of its own, to be printed by its number: who
     * knows what was paid since. */
    TRY(gather_batch(cx, app, &interrupted, &left));
    TRY(hand_over(cx, call, &counts));
    TRY(gather_batch(cx, app, &printed.batch, &left));
    if (printed.batch) TRY(print_batch(cx, app, printed.batch, path, &printed));
    put_printed(cx, call, &printed, &counts, interrupted);
    return OK;
}

const struct action letter_print_action = {
    .verb = "letter print",
    .summary = "Print the letters that wait, all in one PDF",
    .details = "aldia run plans letters where a step's channel is letter and the customer has an address; this command hands them "
               "over, each through the same gate as a mail, and writes them to one file. A letter is printed once. --batch prints a "
               "batch again from the kept bytes, nothing else does.",
    .needs = CAP_MESSAGE_SEND,
    .tx = TX_NONE,
    .is_slow = true,
    .params = PARAMS({"out", P_FILE, REQUIRED | WRITTEN, "the PDF to write; nothing is written when no letter waits", NULL},
                     {"batch", P_INT, OPTIONAL, "print this batch once more", NULL}),
    .run = print_run,
    .exports = "letters:*",
};

static enum rc list_run(struct ctx *cx, struct call *call) {
    struct page page;
    TRY(page_begin(cx, call, &page));
    AUTO(letter_list_close) struct letter_list_cursor cursor;
    TRY(letter_list_open(cx, &(struct letter_list_params){.after = page.after}, &cursor));
    items_begin(call->out);
    for (;;) {
        struct letter_list_row r;
        bool more;
        TRY(letter_list_next(cx, &cursor, &r, &more));
        if (!more || !page_takes(&page, r.id)) break;
        json_object(call->out);
        json_put_i64(call->out, "id", r.id);
        json_put_str(call->out, "customer", r.customer_code);
        json_put_i64(call->out, "batch", r.batch_id);
        json_put_i64(call->out, "position", r.position);
        put_instant(call->out, "handed_at", r.made_at);
        json_put_i64(call->out, "printed", r.printed);
        json_put_str(call->out, "registered", r.registered_number);
        put_date(call->out, "posted", r.posted_on);
        put_date(call->out, "delivered", r.delivered_on);
        json_put_str(call->out, "proof", r.proof_name);
        json_object_end(call->out);
    }
    page_end(call->out, &page);
    return OK;
}

const struct action letter_list_action = {
    .verb = "letter list",
    .path = "GET /letters",
    .summary = "Letters that were printed, with their registered-mail numbers and proofs",
    .needs = CAP_MESSAGE_READ,
    .tx = TX_READ,
    .params = PARAMS(PAGE_PARAMS),
    .run = list_run,
    .columns = "id customer batch position handed_at printed registered posted delivered proof",
};

/* ---- the post ---- */

static enum rc find_letter(struct ctx *cx, const struct call *call, struct letter_get_row *out) {
    bool found;
    TRY(letter_get(cx, &(struct letter_get_params){.id = arg_int(call, "id", 0)}, out, &found));
    return found ? OK
                 : fail_field(cx, NOT_FOUND, "id", "aldia letter list shows the numbers", "there is no printed letter %lld",
                              (long long)arg_int(call, "id", 0));
}

static enum rc note(struct ctx *cx, const char *kind, const struct letter_get_row *letter, int64_t id, struct buf *data) {
    buf_add_char(data, '}');
    MUST(buf_ok(data));
    return event_note(cx, kind, letter->customer_id, arena_printf(cx->arena, "%lld", (long long)id), buf_str(data));
}

static enum rc posted_run(struct ctx *cx, struct call *call) {
    struct letter_get_row letter;
    char date[DATE_TEXT];
    int64_t id = arg_int(call, "id", 0);
    Str number = str_trim(arg_text(call, "number"));
    Date day = arg_has(call, "date") ? arg_date(call, "date") : app_today(cx, call->app);
    TRY(find_letter(cx, call, &letter));
    if (number.n == 0 || number.n > 64 || str_has_control(number))
        return fail_field(cx, INVALID, "number", "as it stands on the receipt", "that is no registered-mail number");
    TRY(letter_posted(cx, &(struct letter_posted_params){.id = id, .registered_number = number, .posted_on = day}));
    AUTO(buf_done) struct buf data = buf_make(4096);
    buf_add(&data, S("{\"number\":\""));
    buf_add_json(&data, number);
    buf_printf(&data, "\",\"date\":\"%.*s\"", STR_ARG(date_iso(day, date)));
    TRY(note(cx, "letter.posted", &letter, id, &data));
    json_object(call->out);
    json_put_i64(call->out, "id", id);
    json_put_str(call->out, "registered", number);
    put_date(call->out, "posted", day);
    json_object_end(call->out);
    return OK;
}

const struct action letter_posted_action = {
    .verb = "letter posted",
    .summary = "Record that a letter was posted, with its registered-mail number",
    .needs = CAP_MESSAGE_SEND,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the letter", NULL},
                     {"number", P_TEXT, REQUIRED, "registered-mail number", NULL},
                     {"date", P_DATE, OPTIONAL, "when it was posted; else today", NULL}),
    .run = posted_run,
};

static enum rc delivered_run(struct ctx *cx, struct call *call) {
    struct letter_get_row letter;
    unsigned char hash[32];
    char date[DATE_TEXT];
    Str bytes;
    int64_t id = arg_int(call, "id", 0);
    const char *path = arena_cstr(cx->arena, arg_text(call, "proof"));
    Date day = arg_has(call, "date") ? arg_date(call, "date") : app_today(cx, call->app);
    TRY(find_letter(cx, call, &letter));
    TRY(file_read(cx, path, STORED_FILE_MAX, &bytes));
    if (!media_type_of(bytes))
        return fail_field(cx, INVALID, "proof", "give the receipt as PDF, PNG or JPEG", "%s is no document", file_name(path));
    TRY(file_store_put(cx, app_path(cx, call->app, "files"), bytes, hash));
    Str name = str_from(file_name(path));
    TRY(letter_proved(cx, &(struct letter_proved_params){
                              .id = id, .delivered_on = day, .proof_hash = {(const char *)hash, 32}, .proof_name = name}));
    AUTO(buf_done) struct buf data = buf_make(8192);
    buf_add(&data, S("{\"proof\":\""));
    buf_add_json(&data, name);
    buf_add(&data, S("\",\"sha256\":\""));
    buf_add_hex(&data, hash, sizeof hash);
    buf_printf(&data, "\",\"date\":\"%.*s\"", STR_ARG(date_iso(day, date)));
    TRY(note(cx, "letter.delivered", &letter, id, &data));
    json_object(call->out);
    json_put_i64(call->out, "id", id);
    put_date(call->out, "delivered", day);
    json_put_str(call->out, "proof", name);
    json_object_end(call->out);
    return OK;
}

const struct action letter_delivered_action = {
    .verb = "letter delivered",
    .summary = "Record that a letter arrived, and keep the post's receipt",
    .needs = CAP_MESSAGE_SEND,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the letter", NULL},
                     {"proof", P_FILE, REQUIRED, "the receipt: PDF, PNG or JPEG", NULL},
                     {"date", P_DATE, OPTIONAL, "when it arrived; else today", NULL}),
    .run = delivered_run,
};
