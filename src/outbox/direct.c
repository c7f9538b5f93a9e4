/* Text to MIME to the channel, in the caller's thread, over a connection of its own. */
#include "outbox/direct.h"

#include "base/random.h"
#include "message/mime.h"

#define MAX_BODY ((size_t)4 * 1024 * 1024)

static Str new_message_id(struct ctx *cx, Str from_address) {
    unsigned char bytes[16];
    random_bytes(bytes, sizeof bytes);
    struct buf hex = buf_make(64);
    buf_add_hex(&hex, bytes, sizeof bytes);
    Str domain = from_address;
    str_cut(&domain, '@');
    Str id =
        arena_printf(cx->arena, "%.*s@%.*s", STR_ARG(buf_str(&hex)), STR_ARG(domain.n ? domain : S("aldia.invalid")));
    buf_done(&hex);
    return id;
}

struct leaving {
    struct direct_mail *mail;
    Str body;
};

static bool ready(void *self, Str *out_body) {
    struct leaving *l = self;
    *out_body = l->body;
    return !l->mail->ready || l->mail->ready(l->mail->self, l->mail, l->body);
}

enum rc direct_send(struct ctx *cx, const struct outbox_config *config, struct direct_mail *mail,
                    struct handoff_result *out_result) {
    mail->message_id = new_message_id(cx, config->from_address);
    struct message_envelope envelope = {.from_name = config->from_name,
                                        .from_address = config->from_address,
                                        .reply_to = config->reply_to,
                                        .to_name = mail->to_name,
                                        .to_address = mail->to_address,
                                        .message_id = mail->message_id,
                                        .language = mail->text->language,
                                        .date = cx->now,
                                        .zone_offset_minutes = zone_offset(config->env->scope.zone, cx->now) / 60};
    AUTO(buf_done) struct buf mime = buf_make(MAX_BODY);
    AUTO(buf_done) struct buf body = buf_make(MAX_BODY + 65536);
    TRY(mime_build(cx, &envelope, mail->text, &mime));
    if (config->dkim) TRY(dkim_sign(cx, config->dkim, buf_str(&mime), cx->now, &body));
    buf_add(&body, buf_str(&mime));
    if (!buf_ok(&body)) return fail(cx, INTERNAL, "a message is larger than %zu bytes", MAX_BODY);
    struct leaving leaving = {mail, buf_str(&body)};
    struct handoff handoff = {.from = config->from_address, .to = mail->to_address, .ready = ready, .self = &leaving};
    struct channel_connection *connection = config->driver->open(config->driver_config);
    config->driver->hand_off(connection, &handoff, out_result);
    config->driver->close(connection);
    return OK;
}
