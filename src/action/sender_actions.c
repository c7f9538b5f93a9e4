/* The sender: what the company and aldia.conf say of mail and where each value comes from, whether the server takes us, a test mail to
 * oneself, and what the domain must publish.
 *
 * aldia.conf belongs to whoever runs the machine and is not changed from a page: it names files and hosts, and whoever may write it decides
 * where the password goes. The page shows the line to write. What a company says of itself stands above it (sender_own.c). */
#include <string.h>

#include "action/account_settings.h"
#include "action/env.h"
#include "action/instance.h"
#include "action/lookup.h"
#include "action/sender.h"
#include "action/template_preview.h"
#include "channel/smtp_check.h"
#include "message/mime.h"
#include "outbox/direct.h"
#include "action_sql.h"
#include "sender_sql.h"
#include "timeline/timeline.h"
#include "user_sql.h"

#define CHECK_S 20

typedef VEC_OF(Str) str_list;

/* ---- the values and their places ---- */

static bool belongs(const struct setting *s) {
    static const char *const guards[] = {"volume_limit_factor", "stale_data_hours"};
    if (str_is(str_from(s->group), "E-mail")) return true;
    for (size_t i = 0; i < COUNT_OF(guards); i++)
        if (str_is(str_from(s->name), guards[i])) return true;
    return false;
}

static void put_setting(struct ctx *cx, struct json_writer *w, const struct settings *all, const struct setting *s) {
    int line = setting_line(all, s);
    Str value = setting_text(all, s);
    bool is_secret = s->type == SETTING_SECRET;
    json_object(w);
    json_put_text(w, "setting", s->name);
    json_put_str(w, "written", is_secret ? arena_printf(cx->arena, "%s_file", s->name) : str_from(s->name));
    json_put_text(w, "help", s->help);
    json_put_bool(w, "secret", is_secret);
    json_put_bool(w, "set", value.n > 0);
    json_put_str(w, "value", is_secret ? S("") : value);
    json_put_text(w, "from", line > 0 ? "file" : line == SETTING_FROM_ENVIRONMENT ? "environment" : "default");
    json_put_i64(w, "line", line > 0 ? line : 0);
    json_object_end(w);
}

static void put_settings(struct ctx *cx, struct json_writer *w, const struct settings *all) {
    json_key(w, "settings");
    json_array(w);
    for (size_t i = 0; i < setting_index_count; i++)
        if (belongs(setting_index[i])) put_setting(cx, w, all, setting_index[i]);
    json_array_end(w);
}

/* ---- who it says it is ---- */

static Str domain_of(Str address) {
    Str domain = address;
    str_cut(&domain, '@');
    return domain.p ? domain : S("");
}

/* DMARC's relaxed alignment, by name alone: the same, or one below the other. */
static bool is_aligned(Str a, Str b) {
    if (str_equal_nocase(a, b)) return true;
    Str longer = a.n > b.n ? a : b, shorter = a.n > b.n ? b : a;
    if (shorter.n == 0 || longer.n <= shorter.n || longer.p[longer.n - shorter.n - 1] != '.') return false;
    return str_equal_nocase((Str){longer.p + longer.n - shorter.n, shorter.n}, shorter);
}

static enum rc put_dkim(struct ctx *cx, struct json_writer *w, struct app *app, Str from_domain) {
    const struct settings *s = &app->settings;
    Str domain = setting_text(s, &dkim_domain_setting);
    json_put_str(w, "dkim_domain", domain);
    if (domain.n == 0 || !setting_cstr(s, &dkim_key_setting)) return OK;
    struct dkim_key *key;
    TRY(dkim_key_load(cx, setting_cstr(s, &dkim_key_setting), domain, setting_text(s, &dkim_selector_setting), &key));
    Str name, text;
    enum rc rc = dkim_record(cx, key, &name, &text);
    dkim_key_free(key);
    TRY(rc);
    json_put_str(w, "dkim_name", name);
    json_put_str(w, "dkim_text", text);
    json_put_bool(w, "dkim_aligned", is_aligned(domain, from_domain));
    return OK;
}

/* What the company says itself, which is what its form holds, and what mails then say. */
static enum rc put_identity(struct ctx *cx, struct json_writer *w, struct call *call, struct outbox_config *out_config, bool *out_good) {
    struct app *app = call->app;
    struct outbox_config config = {0};
    struct sender_own own;
    TRY(sender_own_load(cx, app, &own));
    enum rc rc = sender_own_read(cx, call, &own);
    json_put_str(w, "own_name", own.name);
    json_put_str(w, "own_address", own.address);
    json_put_str(w, "own_reply_to", own.reply_to);
    json_put_bool(w, "own_logo", own.logo.n > 0);
    json_put_bool(w, "shared", own.is_one_of_several && own.address.n == 0);
    if (rc == OK) rc = mail_sender_of(cx, app, &own, &config);
    if (rc == OK) {
        Str domain = domain_of(config.from_address);
        json_put_str(w, "from_name", config.from_name);
        json_put_str(w, "from_address", config.from_address);
        json_put_str(w, "reply_to", config.reply_to);
        json_put_str(w, "domain", domain);
        rc = put_dkim(cx, w, app, domain);
    }
    if (rc == INTERNAL) return rc;
    json_put_bool(w, "good", rc == OK);
    json_put_text(w, "problem", rc == OK ? "" : cx->fault.message);
    json_put_text(w, "problem_field", rc == OK ? "" : cx->fault.field);
    cx->fault = (struct fault){0};
    *out_config = config;
    *out_good = rc == OK;
    return OK;
}

/* ---- as the debtor reads it ---- */

static enum rc find_samples(struct ctx *cx, str_list *out) {
    AUTO(sender_samples_close) struct sender_samples_cursor cursor = {0};
    TRY(sender_samples_open(cx, &cursor));
    for (;;) {
        struct sender_samples_row row;
        bool more;
        TRY(sender_samples_next(cx, &cursor, &row, &more));
        if (!more) return OK;
        *VEC_PUSH(cx->arena, out) = arena_str(cx->arena, row.code);
    }
}

/* A mail to somebody who owes something now, from this sender; nothing where nobody owes or the texts have a fault. */
static enum rc put_sample(struct ctx *cx, struct json_writer *w, struct call *call) {
    str_list codes = {0};
    struct message_text m;
    struct plan_env env;
    struct fault before = cx->fault;
    enum rc rc = NOT_FOUND;
    TRY(find_samples(cx, &codes));
    TRY(env_build(cx, call->app, &env));
    for (size_t i = 0; i < codes.count && rc != OK; i++) {
        m = (struct message_text){0};
        rc = template_preview_claim(cx, call->app, &env, codes.items[i], &m);
        if (rc == INTERNAL) return rc;
    }
    cx->fault = before;
    if (rc != OK) return OK;
    json_put_str(w, "subject", m.subject);
    json_put_str(w, "text", m.text);
    return OK;
}

/* ---- how much a day ---- */

enum rc usual_volume_read(struct ctx *cx, struct app *app, struct usual_volume *out) {
    int64_t days = 0, sent = 0;
    AUTO(sent_per_day_close) struct sent_per_day_cursor cursor = {0};
    TRY(sent_per_day_open(cx, &(struct sent_per_day_params){.since = date_add(app_today(cx, app), -RUN_USUAL_DAYS)}, &cursor));
    for (;;) {
        struct sent_per_day_row row;
        bool more;
        TRY(sent_per_day_next(cx, &cursor, &row, &more));
        if (!more) break;
        days++;
        sent += row.sent;
    }
    *out = (struct usual_volume){.factor = setting_int(&app->settings, &volume_limit_factor_setting), .a_day = days ? sent / days : 0};
    out->is_limited = out->factor > 0 && days >= RUN_USUAL_AT_LEAST;
    out->most = out->is_limited ? sent * out->factor / days : 0;
    if (out->most < RUN_VOLUME_FLOOR) out->most = RUN_VOLUME_FLOOR;
    return OK;
}

static enum rc put_volume(struct ctx *cx, struct json_writer *w, struct app *app) {
    struct usual_volume v;
    TRY(usual_volume_read(cx, app, &v));
    json_put_i64(w, "usual", v.a_day);
    json_put_i64(w, "factor", v.factor);
    json_put_bool(w, "limited", v.is_limited);
    json_put_i64(w, "most", v.most);
    return OK;
}

static enum rc show_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct app *app = call->app;
    json_object(w);
    json_put_bool(w, "captured", mail_is_captured(app));
    json_put_str(w, "host", setting_text(&app->settings, &smtp_host_setting));
    json_put_text(w, "file", app->settings.path);
    struct outbox_config config;
    bool is_good;
    TRY(put_identity(cx, w, call, &config, &is_good));
    if (is_good) TRY(put_sample(cx, w, call));
    json_put_bool(w, "looked_at", arg_has(call, "name") || arg_has(call, "address") || arg_has(call, "reply-to"));
    TRY(put_volume(cx, w, app));
    put_settings(cx, w, &app->settings);
    json_object_end(w);
    return OK;
}

const struct action sender_show_action = {
    .verb = "sender show",
    .path = "GET /settings/sender",
    .summary = "Show the sender: every value in force and where it comes from",
    .details = "What the company says of itself and what aldia.conf says for all, with the line; secrets only as set or not. The names the "
               "sender's domain should publish for DKIM and SPF are worked out without asking anybody. With a name or an address given it is shown "
               "as it would be, and nothing is kept. aldia sender check asks the server.",
    .needs = CAP_ADMIN,
    .tx = TX_READ,
    .params = PARAMS(SENDER_PARAMS),
    .run = show_run,
    .view = "sender",
    .form = "sender show",
    .edits = true,
    .columns = "settings: setting value from line",
};

/* ---- does it work? ---- */

static enum rc check_run(struct ctx *cx, struct call *call) {
    struct smtp_config config;
    struct smtp_check check;
    struct outbox_config sender = {0};
    struct json_writer *w = call->out;
    TRY(mail_sender_read(cx, call->app, &sender));
    json_object(w);
    json_put_bool(w, "captured", mail_is_captured(call->app));
    if (!mail_is_captured(call->app)) {
        mail_server_read(call->app, &config);
        smtp_check_run(&config, sender.from_address, CHECK_S, &check);
        json_put_bool(w, "good", check.good);
        json_put_text(w, "host", config.host);
        json_put_i64(w, "port", config.port);
        json_put_text(w, "stage", check.stage);
        json_put_text(w, "greeting", check.greeting);
        json_put_text(w, "security", config.security == SMTP_TLS ? "tls" : config.security == SMTP_STARTTLS ? "starttls" : "none");
        json_put_bool(w, "encrypted", check.encrypted);
        json_put_text(w, "user", config.user ? config.user : "");
        json_put_bool(w, "authenticated", check.authenticated);
        json_put_i64(w, "code", check.code);
        json_put_text(w, "reply", check.reply);
        json_put_i64(w, "took_ms", check.took_ms);
    }
    json_object_end(w);
    return OK;
}

const struct action sender_check_action = {
    .verb = "sender check",
    .path = "POST /settings/sender/check",
    .summary = "Try the mail server up to where a message would begin, and send none",
    .details = "Connects, reads the greeting, encrypts as smtp_security says (the certificate must be good), signs in and names the sender. Waits 20 seconds at most.",
    .needs = CAP_ADMIN,
    .tx = TX_NONE,
    .params = NO_PARAMS,
    .run = check_run,
    .view = "sender_check",
    .form = "sender show",
    .is_slow = true,
};

/* ---- a mail to oneself ---- */

static struct message_text test_text(struct ctx *cx, Str company) {
    static const struct {
        const char *lang, *subject, *said;
    } texts[] = {{"es", "[PRUEBA] Correo de prueba de", "Este correo de prueba salió por el mismo camino que los recordatorios. No se envió a ningún cliente."},
                 {"en", "[PRUEBA] Test mail of", "This test mail left by the same way as reminders do. It went to no customer."},
                 {"pt", "[PRUEBA] E-mail de teste de", "Este e-mail de teste saiu pelo mesmo caminho dos lembretes. Não foi enviado a nenhum cliente."}};
    size_t at = 0;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (str_is(str_from(cx->lang), texts[i].lang)) at = i;
    Str said = str_from(texts[at].said);
    return (struct message_text){.subject = arena_printf(cx->arena, "%s %.*s", texts[at].subject, STR_ARG(company)),
                                 .text = arena_printf(cx->arena, "%.*s\n", STR_ARG(said)),
                                 .language = str_from(texts[at].lang),
                                 .wording = S("")};
}

static enum rc own_address(struct ctx *cx, struct call *call, Str *out) {
    struct user_get_row u;
    *out = arg_text(call, "to");
    if (out->n == 0 && cx->who->kind == ACTOR_USER) {
        AUTO(tx_end) struct ctx *scope = cx;
        TRY(tx_begin(scope, call->app->db, TX_READ));
        TRY(user_get(cx, &(struct user_get_params){.id = cx->who->user_id}, &u));
        *out = arena_str(cx->arena, u.email);
        TRY(tx_commit(scope));
    }
    if (out->n == 0) return fail_field(cx, INVALID, "to", "give an address of your own", "your account has no e-mail address");
    if (!mime_address_valid(*out))
        return fail_field(cx, INVALID, "to", NULL, "\"%.*s\" is not an e-mail address", (int)(out->n < 80 ? out->n : 80), out->p);
    return OK;
}

static enum rc note_test(struct ctx *cx, struct call *call, Str to, const char *outcome) {
    AUTO(tx_end) struct ctx *scope = cx;
    AUTO(buf_done) struct buf data = buf_make(4096);
    TRY(tx_begin(scope, call->app->db, TX_WRITE));
    buf_add(&data, S("{\"to\":\""));
    buf_add_json(&data, to);
    buf_printf(&data, "\",\"outcome\":\"%s\"}", outcome);
    TRY(event_note(cx, "sender.tested", 0, S(""), buf_str(&data)));
    return tx_commit(scope);
}

static enum rc build_env(struct ctx *cx, struct call *call, struct plan_env *out) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, call->app->db, TX_READ));
    TRY(env_build(cx, call->app, out));
    return tx_commit(scope);
}

static enum rc send_test(struct ctx *cx, struct call *call, Str to, struct mail_setup *mail) {
    struct plan_env env;
    struct handoff_result result = {0};
    struct message_text text = test_text(cx, call->app->company.name);
    struct direct_mail direct = {.text = &text, .to_address = to};
    TRY(build_env(cx, call, &env));
    TRY(mail_open(cx, call->app, &env, mail));
    TRY(mail_may_leave(cx, call->app, mail));
    TRY(direct_send(cx, &mail->config, &direct, &result));
    const char *outcome = mail->config.captures && result.outcome == HANDOFF_SENT ? "captured" : handoff_outcome_name(result.outcome);
    TRY(note_test(cx, call, to, outcome));
    json_object(call->out);
    json_put_str(call->out, "to", to);
    json_put_text(call->out, "outcome", outcome);
    json_put_bool(call->out, "good", result.outcome == HANDOFF_SENT);
    json_put_text(call->out, "reply", result.reply);
    json_put_str(call->out, "subject", text.subject);
    json_object_end(call->out);
    return OK;
}

static enum rc test_run(struct ctx *cx, struct call *call) {
    struct mail_setup mail = {0};
    Str to;
    TRY(own_address(cx, call, &to));
    enum rc rc = send_test(cx, call, to, &mail);
    mail_close(&mail);
    return rc;
}

const struct action sender_test_action = {
    .verb = "sender test",
    .path = "POST /settings/sender/test",
    .summary = "Send a test mail to oneself",
    .details = "By the same channel, with the same sender and signature as reminders; marked [PRUEBA]. It is no contact with anybody and in no count. "
               "aldia template test-send sends a message as a customer would get it.",
    .needs = CAP_ADMIN,
    .tx = TX_NONE,
    .params = PARAMS({"to", P_TEXT, OPTIONAL, "where it goes; one's own address if not given", NULL}),
    .run = test_run,
    .view = "sender_test",
    .form = "sender show",
    .is_slow = true,
};
