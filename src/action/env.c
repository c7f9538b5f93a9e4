/* Settings and rows into environments. */
#include "action/env.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "action/contact_choice.h"
#include "action/instance.h"
#include "action/sender.h"
#include "action/statement_data.h"
#include "action/ways.h"
#include "base/file.h"
#include "channel/capture.h"
#include "company_sql.h"
#include "message/mime.h"
#include "outbox/claim.h"
#include "outbox_sql.h"

const struct setting mail_from_setting = {.name = "mail_from",
                                          .type = SETTING_TEXT,
                                          .fallback = "",
                                          .group = "E-mail",
                                          .help = "Sender of all messages: cobros@empresa.example, or Name <address>"};
const struct setting mail_reply_to_setting = {.name = "mail_reply_to",
                                              .type = SETTING_TEXT,
                                              .fallback = "",
                                              .group = "E-mail",
                                              .help = "Where answers go; empty: to the sender"};
const struct setting smtp_port_setting = {.name = "smtp_port",
                                          .type = SETTING_INT,
                                          .min = 1,
                                          .max = 65535,
                                          .fallback = "587",
                                          .group = "E-mail",
                                          .help = "Port of the mail server"};
const struct setting smtp_security_setting = {
    .name = "smtp_security",
    .type = SETTING_CHOICE,
    .choices = "none|starttls|tls",
    .fallback = "starttls",
    .group = "E-mail",
    .help = "How the connection is protected; starttls is required when chosen, never skipped"};
const struct setting smtp_user_setting = {.name = "smtp_user",
                                          .type = SETTING_TEXT,
                                          .fallback = "",
                                          .group = "E-mail",
                                          .help = "Login at the mail server; empty: none"};
const struct setting smtp_password_setting = {
    .name = "smtp_password",
    .type = SETTING_SECRET,
    .fallback = "",
    .group = "E-mail",
    .help = "File that holds the password (or the environment's ALDIA_SMTP_PASSWORD)"};
const struct setting smtp_ca_file_setting = {.name = "smtp_ca_file",
                                             .type = SETTING_PATH,
                                             .fallback = "",
                                             .group = "E-mail",
                                             .help = "Certificates to trust instead of the system's"};
const struct setting smtp_timeout_setting = {.name = "smtp_timeout_s",
                                             .type = SETTING_INT,
                                             .min = 1,
                                             .max = 7200,
                                             .fallback = "600",
                                             .group = "E-mail",
                                             .help = "Seconds to wait for each answer of the mail server"};
const struct setting smtp_connections_setting = {.name = "smtp_connections",
                                                 .type = SETTING_INT,
                                                 .min = 1,
                                                 .max = 64,
                                                 .fallback = "4",
                                                 .group = "E-mail",
                                                 .help = "Connections at the same time"};
const struct setting domain_connections_setting = {
    .name = "mail_domain_connections",
    .type = SETTING_INT,
    .min = 0,
    .max = 64,
    .fallback = "0",
    .group = "E-mail",
    .help = "Connections at the same time for one receiving domain; 0: no limit"};
const struct setting domain_rate_setting = {.name = "mail_domain_per_minute",
                                            .type = SETTING_INT,
                                            .min = 0,
                                            .max = 100000,
                                            .fallback = "0",
                                            .group = "E-mail",
                                            .help = "Messages a minute to one receiving domain; 0: no limit"};
const struct setting dkim_domain_setting = {.name = "dkim_domain",
                                            .type = SETTING_TEXT,
                                            .fallback = "",
                                            .group = "E-mail",
                                            .help = "Domain that signs with DKIM; empty: the relay signs, or nobody"};
const struct setting dkim_selector_setting = {
    .name = "dkim_selector", .type = SETTING_TEXT, .fallback = "aldia", .group = "E-mail", .help = "DKIM selector"};
const struct setting dkim_key_setting = {.name = "dkim_key",
                                         .type = SETTING_PATH,
                                         .fallback = "",
                                         .group = "E-mail",
                                         .help = "PEM file with the RSA or Ed25519 key"};
const struct setting attachments_max_setting = {.name = "attachments_max",
                                                .type = SETTING_INT,
                                                .min = 0,
                                                .max = 100,
                                                .fallback = "10",
                                                .group = "E-mail",
                                                .help = "Copies of invoices that go with one message at most"};
const struct setting attachments_max_kb_setting = {
    .name = "attachments_max_kb",
    .type = SETTING_INT,
    .min = 0,
    .max = 10000,
    .fallback = "5000",
    .group = "E-mail",
    .help = "Size of all those copies together, in kB; in the mail they take a third more"};
const struct setting letters_setting = {.name = "letters",
                                        .type = SETTING_SWITCH,
                                        .fallback = "off",
                                        .group = "Letters",
                                        .help = "Steps may go out as letters: aldia letter print makes the batch"};
const struct setting stale_data_hours_setting = {
    .name = "stale_data_hours",
    .type = SETTING_INT,
    .min = 0,
    .max = 8760,
    .fallback = "48",
    .group = "Guards",
    .help = "Hours since the last import or bank sync after which nothing is sent; 0: off"};
const struct setting volume_limit_factor_setting = {
    .name = "volume_limit_factor",
    .type = SETTING_INT,
    .min = 0,
    .max = 1000,
    .fallback = "3",
    .group = "Guards",
    .help = "A run that would send more than so many times the usual stops and asks; 0: off"};
const struct setting contact_profile_setting = {
    .name = "contact_profile",
    .type = SETTING_CHOICE,
    .choices = "house|hours|none",
    .fallback = "house",
    .group = "Guards",
    .help = "What applies where no contact law is found: the house profile, its hours only, or nothing"};
const struct setting mail_thanks_setting = {
    .name = "mail_thanks",
    .type = SETTING_SWITCH,
    .fallback = "off",
    .group = "E-mail",
    .help = "Thank for a payment after which nothing is overdue, once, at an allowed hour"};
const struct setting mail_forewarning_setting = {
    .name = "mail_forewarning",
    .type = SETTING_SWITCH,
    .fallback = "off",
    .group = "E-mail",
    .help = "Tell the company's contact person the day before what will be sent"};


enum rc env_build(struct ctx *cx, struct app *app, struct plan_env *out) {
    struct plan_env env = {0};
    struct company_get_row c;
    const struct rule_pack *rules;
    const struct message_library *library;
    TRY(app_rules(cx, app, &rules));
    TRY(app_library(cx, app, &library));
    TRY(company_get(cx, &c));
    TRY(strategy_book_load(cx, app->strategies, &env.book));
    struct contact_choice choice;
    TRY(contact_choice_load(cx, app, &choice));
    Date today = app_today(cx, app);
    env.scope = (struct snapshot_scope){
        .today = today, .zone = app->company.zone, .country = app->company.country, .language = app->company.language};
    env.policy = (struct policy){.company_id = cx->company_id,
                                 .country = app->company.country,
                                 .zone = app->company.zone,
                                 .currency = app->company.currency,
                                 .now = cx->now,
                                 .today = today,
                                 .rules = rules,
                                 .check_contact = contact_rules_check,
                                 .variants = message_variants,
                                 .library = library,
                                 .watermark = DATE_NONE};
    env.policy.channel_available[CHANNEL_EMAIL] = true;
    TRY(contact_choice_apply(cx, app, &choice, &env.policy));
    env.policy.channel_available[CHANNEL_LETTER] = setting_on(&app->settings, &letters_setting);
    env.scope.with_letters = env.policy.channel_available[CHANNEL_LETTER];
    env.company = (struct message_company){.name = c.name,
                                           .country = c.country,
                                           .tax_id = c.tax_id,
                                           .address = c.address,
                                           .person_name = c.person_name,
                                           .person_phone = c.person_phone,
                                           .person_email = c.person_email,
                                           .person_hours = c.person_hours,
                                           .ways_to_pay = c.ways_to_pay};
    TRY(ways_load(cx, &env.company.ways, &env.company.way_count));
    env.attach.count = setting_int(&app->settings, &attachments_max_setting);
    env.attach.bytes = setting_int(&app->settings, &attachments_max_kb_setting) * 1000;
    *out = env;
    return OK;
}

enum rc data_fresh_until(struct ctx *cx, struct app *app, int64_t *out_ms) {
    int64_t hours = setting_int(&app->settings, &stale_data_hours_setting);
    *out_ms = INT64_MAX;
    if (hours == 0) return OK;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_READ));
    struct data_source_latest_row latest;
    TRY(data_source_latest(cx, &latest));
    if (!instant_is_none(latest.last_at)) *out_ms = latest.last_at.ms + hours * MS_PER_HOUR;
    return tx_commit(scope);
}

bool mail_is_captured(const struct app *app) { return setting_text(&app->settings, &smtp_host_setting).n == 0; }

/* aldia.conf says "Name <address>", or the address alone. Its name is nobody's where several companies share it. */
enum rc mail_sender_of(struct ctx *cx, struct app *app, const struct sender_own *own, struct outbox_config *config) {
    Str text = setting_text(&app->settings, &mail_from_setting);
    config->from_name = app->company.name;
    config->from_address = text;
    size_t open = str_index(text, '<');
    if (open < text.n && text.p[text.n - 1] == '>') {
        Str name = str_trim((Str){text.p, open});
        if (name.n && !own->is_one_of_several) config->from_name = name;
        config->from_address = (Str){text.p + open + 1, text.n - open - 2};
    }
    if (own->name.n) config->from_name = own->name;
    if (own->address.n) config->from_address = text = own->address;
    if (text.n == 0 && mail_is_captured(app)) config->from_address = S("cobros@aldia.invalid");
    if (!mime_address_valid(config->from_address))
        return fail_field(cx, INVALID, "mail_from", "write mail_from = cobros@empresa.example into aldia.conf",
                          "mail_from is not an e-mail address");
    Str reply = own->reply_to.n ? own->reply_to : own->address.n ? S("") : setting_text(&app->settings, &mail_reply_to_setting);
    config->reply_to = reply;
    if (reply.n && !mime_address_valid(reply))
        return fail_field(cx, INVALID, "mail_reply_to", NULL, "mail_reply_to is not an e-mail address");
    return OK;
}

enum rc mail_sender_read(struct ctx *cx, struct app *app, struct outbox_config *config) {
    struct sender_own own;
    TRY(sender_own_load(cx, app, &own));
    return mail_sender_of(cx, app, &own, config);
}

static enum rc read_dkim(struct ctx *cx, struct app *app, struct mail_setup *m) {
    Str domain = setting_text(&app->settings, &dkim_domain_setting);
    const char *key = setting_cstr(&app->settings, &dkim_key_setting);
    if (domain.n == 0) return OK;
    if (!key)
        return fail_field(cx, INVALID, "dkim_key", "name the PEM file of the key",
                          "dkim_domain is set but dkim_key is not");
    return dkim_key_load(cx, key, domain, setting_text(&app->settings, &dkim_selector_setting), &m->dkim);
}

/* A journal that is gone although the database remembers one is not begun anew: its absence is what instance_check goes
 * by. */
static enum rc open_journal(struct ctx *cx, struct app *app, struct mail_setup *m) {
    const char *path = app_path(cx, app, "handoff.journal");
    if (!file_exists(path)) {
        bool found;
        struct instance_get_row row;
        AUTO(tx_end) struct ctx *scope = cx;
        TRY(tx_begin(cx, app->db, TX_READ));
        TRY(instance_get(cx, &row, &found));
        TRY(tx_commit(scope));
        if (!found || row.journal_seq > 0) return OK;
    }
    TRY(journal_open(cx, path, &m->journal));
    m->journal.is_relaxed = app->is_relaxed;
    m->has_journal = true;
    m->config.journal = &m->journal;
    return OK;
}

void mail_server_read(const struct app *app, struct smtp_config *out) {
    const struct settings *s = &app->settings;
    Str security = setting_text(s, &smtp_security_setting);
    *out = (struct smtp_config){.host = setting_cstr(s, &smtp_host_setting),
                                   .port = (int)setting_int(s, &smtp_port_setting),
                                   .security = str_is(security, "none")  ? SMTP_PLAIN
                                               : str_is(security, "tls") ? SMTP_TLS
                                                                         : SMTP_STARTTLS,
                                   .user = setting_cstr(s, &smtp_user_setting),
                                   .password = setting_cstr(s, &smtp_password_setting),
                                   .ca_file = setting_cstr(s, &smtp_ca_file_setting),
                                   .timeout_s = (int)setting_int(s, &smtp_timeout_setting)};
}

enum rc mail_open(struct ctx *cx, struct app *app, const struct plan_env *env, struct mail_setup *m) {
    const struct settings *s = &app->settings;
    *m = (struct mail_setup){0};
    mail_server_read(app, &m->smtp);
    bool captures = mail_is_captured(app);
    m->config = (struct outbox_config){.db_url = app->db_url,
                                       .db = app->db,
                                       .driver = captures ? &capture_driver : &smtp_driver,
                                       .driver_config = captures ? NULL : (const void *)&m->smtp,
                                       .captures = captures,
                                       .connections = (int)setting_int(s, &smtp_connections_setting),
                                       .library = app->library,
                                       .clock = &app->clock,
                                       .env = env,
                                       .company = app->company.code,
                                       .data_fresh_until_ms = INT64_MAX,
                                       .claimer = arena_cstr(cx->arena, claimer_self(cx)),
                                       .pace = {.connections = (int)setting_int(s, &domain_connections_setting),
                                                .per_minute = (int)setting_int(s, &domain_rate_setting)}};
    if (app->mail_double) {
        m->config.driver = app->mail_double->driver;
        m->config.driver_config = app->mail_double->driver_config;
        m->config.claimer = app->mail_double->claimer;
        m->config.captures = false;
        m->config.connections = 0;
        m->config.at_once = app->mail_double->at_once;
    }
    m->config.files_folder = app_path(cx, app, "files");
    TRY(logo_load(cx, app, &m->config.logo));
    TRY(mail_sender_read(cx, app, &m->config));
    TRY(read_dkim(cx, app, m));
    m->config.dkim = m->dkim;
    return open_journal(cx, app, m);
}

enum rc mail_may_leave(struct ctx *cx, struct app *app, const struct mail_setup *mail) {
    bool genuine = false, open = false;
    enum reason_code code = REASON_INSTANCE_UNCONFIRMED;
    TRY(instance_check(cx, app, &genuine));
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_READ));
    if (genuine) TRY(gate_open(cx, &mail->config, &open, &code));
    TRY(tx_commit(scope));
    return open ? OK : fail(cx, CONFLICT, "nothing leaves now: %s", reason_code_name(code));
}

enum rc mail_settings_check(struct ctx *cx, struct app *app) {
    struct mail_setup m = {0};
    enum rc rc = mail_sender_read(cx, app, &m.config);
    if (rc == OK) rc = read_dkim(cx, app, &m);
    if (m.dkim) dkim_key_free(m.dkim);
    return rc;
}

void mail_close(struct mail_setup *m) {
    if (m->has_journal) journal_close(&m->journal);
    if (m->dkim) dkim_key_free(m->dkim);
}
