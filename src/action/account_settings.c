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

struct session_rules app_session_rules(const struct app *app) {
    return (struct session_rules){.idle_ms = setting_int(&app->settings, &session_idle_setting) * MS_PER_MINUTE,
                                  .most_ms = setting_int(&app->settings, &session_hours_setting) * MS_PER_HOUR};
}
