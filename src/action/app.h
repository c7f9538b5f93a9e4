/* struct app: one opened installation, shared by the actions of a process. */
#ifndef ACTION_APP_H
#define ACTION_APP_H

#include "action/setting.h"
#include "base/clock.h"
#include "core/zone.h"
#include "message/compose.h"
#include "store/db.h"
#include "strategy/contact_rules.h"

struct tally_board;

/* The company everything is done for, as read at the start of the call. */
struct company {
    int64_t id;
    Str code, name, country, zone_name, language;
    const struct zone *zone;
    Currency currency;
    int32_t run_minute;
};

/* Takes the place of the mail server; for tests and the simulation, which run without threads. */
struct mail_double {
    const struct channel_driver *driver;
    const void *driver_config;
    const char *claimer;
    int at_once; /* so many messages are brought to T at a time */
};

struct app {
    const char *data_dir;
    bool data_is_given; /* by --data, not by environment or default; the same for --db */
    bool db_is_given;
    const char *db_url;       /* as given, or sqlite:DATA/aldia.db */
    bool is_relaxed;          /* a demo being made: nothing waits for the disk */
    const char *company_code; /* NULL: the only one */
    bool of_installation;     /* of several companies none need be chosen: `company` then has the id 0 and no name */
    struct clock clock;
    struct settings settings;
    struct db *db;
    struct company company;
    const struct rule_pack *rules;         /* app_rules() */
    const struct message_library *library; /* app_library() */
    int64_t library_of;                    /* the newest of the company's texts in it */
    struct arena *arena;                   /* of the app itself */
    const struct mail_double *mail_double; /* NULL: as aldia.conf says */
    struct strategy_memo *strategies;      /* plan/book.h; NULL: parsed each time */
    struct tally *tally;                   /* figures of pages, remembered; NULL: counted each time */
    /* Has the company's sums (portfolio/standing.h) made anew by somebody who has the time; NULL: nobody has. */
    void (*catch_up)(void *self, int64_t company_id);
    void *catch_up_self;
};

struct app_options {
    const char *data_dir, *db_url, *company_code, *clock_file;
};

/* Resolves folders and reads aldia.conf; opens nothing. DENIED when a clock file is given and a channel address is not
 * loopback. */
MUST_USE enum rc app_prepare(struct ctx *cx, const struct app_options *options, struct app *out_app);
/* Opens the database, checks its schema, finds the company. NOT_FOUND with the remedy (`aldia init`). */
MUST_USE enum rc app_open(struct ctx *cx, struct app *app);
/* The database alone, whatever its schema. */
MUST_USE enum rc app_open_database(struct ctx *cx, struct app *app);
void app_close(struct app *app);
/* From now on what pages ask again and again is remembered: strategies by this thread, figures on the board (action/tally.h), NULL: not at all. */
void app_remember(struct app *app, struct tally_board *board);
MUST_USE enum rc app_rules(struct ctx *cx, struct app *app, const struct rule_pack **out_rules);
MUST_USE enum rc app_library(struct ctx *cx, struct app *app, const struct message_library **out_library);
/* A path below the data directory, in cx->arena. */
const char *app_path(struct ctx *cx, const struct app *app, const char *name);
/* Where the key lies that seals second factors (account/seal.h). */
const char *app_secret_key_path(struct ctx *cx, const struct app *app);
/* The company's civil day of cx->now. */
Date app_today(const struct ctx *cx, const struct app *app);
/* Reads the context's company, or finds the one company_code says, and keeps it in the app; needs a transaction. */
MUST_USE enum rc app_company(struct ctx *cx, struct app *app);

extern const struct setting smtp_host_setting;

#endif
