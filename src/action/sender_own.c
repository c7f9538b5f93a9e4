/* The company's own sender: name, address, reply address and logo, over what aldia.conf says for the whole installation. The logo is decoded
 * before it is kept, so that what is served or printed later is a PNG or a JPEG and nothing else. */
#include "action/sender.h"

#include <string.h>

#include "action/lookup.h"
#include "action/statement_data.h"
#include "base/file.h"
#include "document/pdf_image.h"
#include "message/mime.h"
#include "sender_sql.h"
#include "store/file_store.h"
#include "timeline/timeline.h"

#define NAME_MAX_BYTES 120

static enum rc load_within(struct ctx *cx, struct sender_own *out) {
    struct sender_get_row row;
    struct sender_companies_row companies;
    bool found;
    *out = (struct sender_own){.name = S(""), .address = S(""), .reply_to = S(""), .logo_type = S("")};
    TRY(sender_companies(cx, &companies));
    out->is_one_of_several = companies.count > 1;
    TRY(sender_get(cx, &row, &found));
    if (!found) return OK;
    out->name = arena_str(cx->arena, row.name);
    out->address = arena_str(cx->arena, row.address);
    out->reply_to = arena_str(cx->arena, row.reply_to);
    out->logo_type = arena_str(cx->arena, row.logo_type);
    if (row.logo.p) out->logo = arena_str(cx->arena, row.logo);
    return OK;
}

enum rc sender_own_load(struct ctx *cx, const struct app *app, struct sender_own *out) {
    if (cx->tx) return load_within(cx, out);
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, app->db, TX_READ));
    TRY(load_within(cx, out));
    return tx_commit(scope);
}

enum rc sender_own_read(struct ctx *cx, const struct call *call, struct sender_own *own) {
    if (arg_has(call, "name")) own->name = str_trim(arg_text(call, "name"));
    if (arg_has(call, "address")) own->address = str_trim(arg_text(call, "address"));
    if (arg_has(call, "reply-to")) own->reply_to = str_trim(arg_text(call, "reply-to"));
    if (own->name.n > NAME_MAX_BYTES) return fail_field(cx, INVALID, "name", "shorten it", "the sender's name is too long");
    if (str_index(own->name, '@') < own->name.n)
        return fail_field(cx, INVALID, "name", "the address has a field of its own", "a name with an @ looks like another address");
    if (own->address.n && !mime_address_valid(own->address))
        return fail_field(cx, INVALID, "address", "such as cobros@empresa.example", "the sender's address is not an e-mail address");
    if (own->reply_to.n && !mime_address_valid(own->reply_to))
        return fail_field(cx, INVALID, "reply-to", "such as cobros@empresa.example", "the reply address is not an e-mail address");
    return OK;
}

/* ---- name and addresses ---- */

static enum rc set_run(struct ctx *cx, struct call *call) {
    struct sender_own own;
    AUTO(buf_done) struct buf data = buf_make(8192);
    TRY(sender_own_load(cx, call->app, &own));
    TRY(sender_own_read(cx, call, &own));
    TRY(sender_begin(cx));
    TRY(sender_put(cx, &(struct sender_put_params){.name = own.name, .address = own.address, .reply_to = own.reply_to}));
    buf_add(&data, S("{\"name\":\""));
    buf_add_json(&data, own.name);
    buf_add(&data, S("\",\"address\":\""));
    buf_add_json(&data, own.address);
    buf_add(&data, S("\",\"reply_to\":\""));
    buf_add_json(&data, own.reply_to);
    buf_add(&data, S("\"}"));
    MUST(buf_ok(&data));
    TRY(event_note(cx, "sender.changed", 0, S(""), buf_str(&data)));
    json_object(call->out);
    json_put_str(call->out, "name", own.name);
    json_put_str(call->out, "address", own.address);
    json_put_str(call->out, "reply_to", own.reply_to);
    json_object_end(call->out);
    return OK;
}

const struct action sender_set_action = {
    .verb = "sender set",
    .path = "POST /settings/sender",
    .summary = "Say who writes the company's mails: name, address, where answers go",
    .details = "Only what is given changes; an empty value goes back to what aldia.conf says for the installation. Where there are several "
               "companies, one without a name of its own signs with its company name, never with another's. `sender show` with the same "
               "values shows a mail as it would be read, before anything is kept.",
    .needs = CAP_ADMIN,
    .tx = TX_WRITE,
    .params = PARAMS(SENDER_PARAMS),
    .run = set_run,
    .then = "/settings/sender",
    .form = "sender show",
    .edits = true,
};

/* ---- the logo ---- */

static enum rc note_logo(struct ctx *cx, struct call *call, Str type, Str bytes) {
    unsigned char hash[FILE_HASH_SIZE];
    AUTO(buf_done) struct buf hex = buf_make(100);
    if (bytes.n) file_hash(bytes, hash);
    if (bytes.n) buf_add_hex(&hex, hash, sizeof hash);
    Str data = arena_printf(cx->arena, "{\"type\":\"%.*s\",\"sha256\":\"%.*s\"}", STR_ARG(type), STR_ARG(buf_str(&hex)));
    TRY(event_note(cx, "sender.logo", 0, S(""), data));
    json_object(call->out);
    json_put_str(call->out, "type", type);
    json_put_i64(call->out, "bytes", (int64_t)bytes.n);
    json_put_str(call->out, "sha256", buf_str(&hex));
    json_object_end(call->out);
    return OK;
}

static enum rc logo_set_run(struct ctx *cx, struct call *call) {
    struct pdf_image image;
    Str bytes;
    TRY(file_read(cx, arena_cstr(cx->arena, arg_text(call, "file")), IMAGE_FILE_MAX, &bytes));
    TRY(pdf_image_read(cx, bytes, &image));
    const char *type = media_type_of(bytes);
    MUST(type && (strcmp(type, "image/png") == 0 || strcmp(type, "image/jpeg") == 0));
    TRY(sender_begin(cx));
    TRY(sender_put_logo(cx, &(struct sender_put_logo_params){.logo_type = str_from(type), .logo = bytes}));
    return note_logo(cx, call, str_from(type), bytes);
}

const struct action sender_logo_set_action = {
    .verb = "sender logo-set",
    .path = "POST /settings/sender/logo",
    .summary = "Put a logo at the head of the company's statements, letters and receipts",
    .details = "PNG or JPEG, at most 512 kB and 2000 pixels a side; transparent parts become white.",
    .needs = CAP_ADMIN,
    .tx = TX_WRITE,
    .params = PARAMS({"file", P_FILE, REQUIRED | POSITIONAL, "the picture", NULL}),
    .run = logo_set_run,
    .then = "/settings/sender",
    .form = "sender show",
};

static enum rc logo_remove_run(struct ctx *cx, struct call *call) {
    struct sender_own own;
    TRY(sender_own_load(cx, call->app, &own));
    if (!own.logo.n) return fail(cx, CONFLICT, "the company has no logo of its own");
    TRY(sender_put_logo(cx, &(struct sender_put_logo_params){.logo_type = S(""), .logo = (Str){NULL, 0}}));
    return note_logo(cx, call, S(""), S(""));
}

const struct action sender_logo_remove_action = {
    .verb = "sender logo-remove",
    .path = "POST /settings/sender/logo/remove",
    .summary = "Take the company's logo away; the installation's is used again, if it has one",
    .needs = CAP_ADMIN,
    .tx = TX_WRITE,
    .params = NO_PARAMS,
    .run = logo_remove_run,
    .then = "/settings/sender",
    .form = "sender show",
};

static enum rc logo_run(struct ctx *cx, struct call *call) {
    struct sender_own own;
    TRY(sender_own_load(cx, call->app, &own));
    if (!own.logo.n) return fail(cx, NOT_FOUND, "the company has no logo of its own");
    if (!call->raw) return fail(cx, INVALID, "the logo is a picture: it cannot be shown here");
    call->raw_type = str_is(own.logo_type, "image/png") ? "image/png" : "image/jpeg";
    call->raw_name = str_is(own.logo_type, "image/png") ? "logo.png" : "logo.jpg";
    call->raw_inline = true;
    call->raw(call->self, own.logo);
    return OK;
}

const struct action sender_logo_action = {
    .verb = "sender logo",
    .path = "GET /settings/sender/logo",
    .summary = "The company's logo, as it was uploaded",
    .needs = CAP_ADMIN,
    .tx = TX_READ,
    .params = NO_PARAMS,
    .run = logo_run,
    .exports = EXPORTS_NOBODY,
};

enum rc logo_load(struct ctx *cx, const struct app *app, const struct pdf_image **out) {
    const char *path = setting_cstr(&app->settings, &logo_setting);
    struct sender_own own;
    Str file;
    *out = NULL;
    TRY(sender_own_load(cx, app, &own));
    file = own.logo;
    if (!file.n && !path) return OK;
    if (!file.n) TRY(file_read(cx, path, IMAGE_FILE_MAX, &file));
    struct pdf_image *image = ARENA_NEW(cx->arena, struct pdf_image);
    TRY(pdf_image_read(cx, file, image));
    *out = image;
    return OK;
}
