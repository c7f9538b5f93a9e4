/* What aldia.conf says of accounts. */
#include "action/account_settings.h"

const struct setting session_idle_setting = {.name = "session_idle_minutes",
                                             .type = SETTING_INT,
                                             .fallback = "60",
                                             .min = 1,
                                             .max = 1440,
                                             .group = "Accounts",
                                             .help = "A session that is not used for so long ends"};
const struct setting session_hours_setting = {.name = "session_hours",
                                              .type = SETTING_INT,
                                              .fallback = "12",
                                              .min = 1,
                                              .max = 168,
                                              .group = "Accounts",
                                              .help = "Every session ends after so many hours"};
const struct setting four_eyes_setting = {
    .name = "four_eyes",
    .type = SETTING_SWITCH,
    .fallback = "on",
    .group = "Accounts",
    .help = "Write-offs, refunds and other bank data need a second person; off only where one person works alone"};

#define OIDC_GROUP "Sign-on"
const struct setting oidc_issuer_setting = {
    .name = "oidc_issuer",
    .type = SETTING_TEXT,
    .fallback = "",
    .group = OIDC_GROUP,
    .help = "OpenID Connect provider, https://…: people sign on there too, found by their e-mail; empty: not"};
const struct setting oidc_client_id_setting = {
    .name = "oidc_client_id", .type = SETTING_TEXT, .fallback = "", .group = OIDC_GROUP, .help = "Name of this program there"};
const struct setting oidc_client_secret_setting = {
    .name = "oidc_client_secret", .type = SETTING_SECRET, .fallback = "", .group = OIDC_GROUP, .help = "Its secret there, if it has one"};
const struct setting oidc_ca_file_setting = {.name = "oidc_ca_file",
                                             .type = SETTING_PATH,
                                             .fallback = "",
                                             .group = OIDC_GROUP,
                                             .help = "Certificates to trust for it instead of the system's"};

bool app_oidc_provider(struct ctx *cx, const struct app *app, Str own_url, struct oidc_provider *out) {
    *out = (struct oidc_provider){.issuer = setting_text(&app->settings, &oidc_issuer_setting),
                                  .client_id = setting_text(&app->settings, &oidc_client_id_setting),
                                  .client_secret = setting_text(&app->settings, &oidc_client_secret_setting),
                                  .back = arena_printf(cx->arena, "%.*s/login/oidc/back", STR_ARG(own_url)),
                                  .ca_file = setting_cstr(&app->settings, &oidc_ca_file_setting)};
    return out->issuer.n > 0 && out->client_id.n > 0;
}

struct session_rules app_session_rules(const struct app *app) {
    return (struct session_rules){.idle_ms = setting_int(&app->settings, &session_idle_setting) * MS_PER_MINUTE,
                                  .most_ms = setting_int(&app->settings, &session_hours_setting) * MS_PER_HOUR};
}
