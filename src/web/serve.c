/* `aldia serve`: starts everything in order, waits for a signal, stops everything in the other order. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/random.h"
#include "core/ip.h"
#include "web/events.h"
#include "web/housekeeper.h"
#include "web/peer.h"
#include "web/tls.h"
#include "web/view.h"
#include "work/deliverer.h"
#include "work/scheduler.h"

#define QUICK_WORKERS 8
#define SLOW_WORKERS 3
#define DRAIN_MS 25000

const struct setting listen_setting = {.name = "listen",
                                       .type = SETTING_TEXT,
                                       .fallback = "127.0.0.1:8080",
                                       .group = "Server",
                                       .help = "Address and port of the web pages and the API"};
const struct setting public_url_setting = {.name = "public_url",
                                           .type = SETTING_TEXT,
                                           .fallback = "",
                                           .group = "Server",
                                           .help = "As browsers reach it: https://cobros.empresa.example. Other host names are refused"};
const struct setting tls_certificate_setting = {.name = "tls_certificate",
                                                .type = SETTING_PATH,
                                                .fallback = "",
                                                .group = "Server",
                                                .help = "Certificate chain (PEM); read again when it changes. Empty: plain HTTP, for a proxy or this machine"};
const struct setting tls_key_setting = {
    .name = "tls_key", .type = SETTING_PATH, .fallback = "", .group = "Server", .help = "Its private key (PEM)"};
const struct setting trusted_proxies_setting = {.name = "trusted_proxies",
                                                .type = SETTING_TEXT,
                                                .fallback = "",
                                                .group = "Server",
                                                .help = "Addresses and networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, by commas"};
const struct setting metrics_from_setting = {.name = "metrics_from",
                                             .type = SETTING_TEXT,
                                             .fallback = "127.0.0.1, ::1",
                                             .group = "Server",
                                             .help = "Addresses and networks that may read /metrics, by commas"};
const struct setting connections_setting = {.name = "connections",
                                            .type = SETTING_INT,
                                            .min = 10,
                                            .max = 60000,
                                            .fallback = "4000",
                                            .group = "Server",
                                            .help = "Open connections at most"};
const struct setting connections_per_address_setting = {.name = "connections_per_address",
                                                        .type = SETTING_INT,
                                                        .min = 0,
                                                        .max = 60000,
                                                        .fallback = "256",
                                                        .group = "Server",
                                                        .help = "… of one address; 0 = no limit. Trusted proxies have none"};
const struct setting request_seconds_setting = {.name = "request_seconds",
                                                .type = SETTING_INT,
                                                .min = 1,
                                                .max = 600,
                                                .fallback = "30",
                                                .group = "Server",
                                                .help = "Seconds for the headers of a request, and again for its body and its answer, besides one a MiB for each 32 KiB/s"};
const struct setting upload_mb_setting = {.name = "upload_mb",
                                          .type = SETTING_INT,
                                          .min = 1,
                                          .max = 2048,
                                          .fallback = "128",
                                          .group = "Server",
                                          .help = "Largest file taken from a browser, in MiB"};

struct serve {
    struct server server;
    struct watch *scheduler, *deliverer;
    pthread_t sweeper;
    _Atomic bool sweeping;
    struct listen_at at;
};

static void *sweep(void *self) {
    struct serve *v = self;
    struct timespec half = {0, 500 * 1000 * 1000};
    while (v->sweeping) {
        peers_sweep(&v->server);
        nanosleep(&half, NULL);
    }
    return NULL;
}

/* "https://host:port/…" */
static enum rc read_public_url(struct ctx *cx, struct server *s) {
    Str url = setting_text(&s->base->settings, &public_url_setting);
    if (url.n == 0) return OK;
    s->public_is_https = str_starts(url, S("https://"));
    size_t scheme = s->public_is_https ? 8 : 7;
    if (!s->public_is_https && !str_starts(url, S("http://")))
        return fail_field(cx, INVALID, "public_url", "write it as https://cobros.empresa.example", "public_url is no web address");
    Str host = {url.p + scheme, url.n - scheme};
    host = str_cut(&host, '/');
    host = str_cut(&host, ':');
    if (host.n == 0) return fail_field(cx, INVALID, "public_url", NULL, "public_url names no host");
    s->public_host = arena_cstr(cx->arena, host);
    return OK;
}

static enum rc read_certificate(struct ctx *cx, struct serve *v) {
    struct server *s = &v->server;
    s->certificate_path = setting_cstr(&s->base->settings, &tls_certificate_setting);
    s->key_path = setting_cstr(&s->base->settings, &tls_key_setting);
    if (!s->certificate_path && !s->key_path) return OK;
    if (!s->certificate_path || !s->key_path)
        return fail_field(cx, INVALID, "tls_key", "set tls_certificate and tls_key, or neither", "a certificate needs its key");
    TRY(file_read(cx, s->certificate_path, 65536, &v->at.certificate));
    return file_read(cx, s->key_path, 65536, &v->at.key);
}

/* A mistyped address would believe nobody, or nobody's metrics would be seen, without a word. */
static enum rc check_addresses(struct ctx *cx, const struct setting *setting, Str list) {
    Str entry;
    if (!ip_list_fault(list, &entry)) return OK;
    return fail_field(cx, INVALID, setting->name, "write addresses and networks by commas: 127.0.0.1, 10.0.0.0/8",
                      "\"%.*s\" in %s is neither an address nor a network", STR_ARG(entry), setting->name);
}

/* As many descriptors as the connections need; what the system gives. */
static void raise_files(unsigned connections) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    rlim_t wanted = connections + 512u;
    if (limit.rlim_cur >= wanted) return;
    limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static enum rc make_upload_folder(struct ctx *cx, struct server *s) {
    const char *path = app_path(cx, s->base, "upload");
    int n = snprintf(s->upload_folder, sizeof s->upload_folder, "%s", path);
    if (n < 0 || (size_t)n >= sizeof s->upload_folder) return fail(cx, INVALID, "the path of the data directory is too long");
    TRY(dir_remove(cx, path)); /* of a server that was killed */
    return dir_make(cx, path, 0700);
}

static enum rc prepare(struct ctx *cx, struct call *call, struct serve *v) {
    struct server *s = &v->server;
    const struct settings *settings = &call->app->settings;
    int64_t seconds = setting_int(settings, &request_seconds_setting);
    s->base = call->app;
    call->app->of_installation = false; /* every request is somebody's, of one company */
    s->started_ms = clock_monotonic_ms();
    s->limits = (struct limits){.headers_ms = seconds * 1000,
                                .body_ms = seconds * 1000,
                                .body_bytes = (size_t)1024 * 1024,
                                .upload_bytes = (size_t)setting_int(settings, &upload_mb_setting) * 1024 * 1024,
                                .connections = (unsigned)setting_int(settings, &connections_setting),
                                .per_address = (unsigned)setting_int(settings, &connections_per_address_setting),
                                .queue = 256};
    s->trusted_proxies = setting_text(settings, &trusted_proxies_setting);
    s->metrics_from = setting_text(settings, &metrics_from_setting);
    TRY(check_addresses(cx, &trusted_proxies_setting, s->trusted_proxies));
    TRY(check_addresses(cx, &metrics_from_setting, s->metrics_from));
    v->at.text = arg_has(call, "listen") ? arena_cstr(cx->arena, arg_text(call, "listen")) : setting_cstr(settings, &listen_setting);
    pthread_mutex_init(&s->peers_lock, NULL);
    pthread_mutex_init(&s->claims_lock, NULL);
    raise_files(s->limits.connections);
    TRY(read_public_url(cx, s));
    TRY(read_certificate(cx, v));
    TRY(make_upload_folder(cx, s));
    return views_load(cx);
}

/* A demo lives on a clock of its own. */
static void find_demo(struct ctx *cx, struct server *s) {
    const char *clock = app_path(cx, s->base, "clock");
    bool marked = file_exists(app_path(cx, s->base, "demo.txt"));
    if (!marked || !file_exists(clock)) return;
    if (!s->base->clock.file) s->base->clock.file = clock;
    s->is_demo = true;
}

/* What all threads read and none changes, once: rules, and the texts as shipped or in the folder. A company's own stand above them. */
static enum rc read_shared(struct ctx *cx, struct app *base) {
    struct ctx own = *cx;
    const struct rule_pack *rules;
    const struct message_library *library;
    own.company_id = 0;
    enum rc rc = app_rules(&own, base, &rules);
    if (rc == OK) rc = app_library(&own, base, &library);
    cx->fault = own.fault;
    return rc;
}

static enum rc start(struct ctx *cx, struct serve *v) {
    struct server *s = &v->server;
    TRY(read_shared(cx, s->base));
    TRY(housekeeper_start(cx, s));
    TRY(hub_start(cx, s));
    TRY(lane_start(cx, &s->quick, s, false, QUICK_WORKERS));
    TRY(lane_start(cx, &s->slow, s, true, SLOW_WORKERS));
    v->sweeping = true;
    if (pthread_create(&v->sweeper, NULL, sweep, v) != 0) {
        v->sweeping = false;
        return fail(cx, INTERNAL, "could not start a thread");
    }
    TRY(daemon_start(cx, s, &v->at));
    TRY(watch_start(cx, &scheduler_plan, s->base, &s->stop, &v->scheduler));
    return watch_start(cx, &deliverer_plan, s->base, &s->stop, &v->deliverer);
}

static void stop(struct serve *v) {
    struct server *s = &v->server;
    if (v->scheduler) watch_ask_end(v->scheduler);
    if (s->daemon) {
        hub_end_streams(s);
        bool drained = daemon_quiesce(s, DRAIN_MS);
        s->stop = 1;
        if (!drained) daemon_quiesce_more(s, 5000);
    }
    s->stop = 1;
    lane_stop(&s->quick);
    lane_stop(&s->slow);
    daemon_stop(s);
    if (v->scheduler) watch_stop(v->scheduler);
    if (v->deliverer) watch_stop(v->deliverer);
    if (v->sweeping) {
        v->sweeping = false;
        pthread_join(v->sweeper, NULL);
    }
    hub_stop(s);
    housekeeper_stop(s);
    tls_done();
}

static void announce(const struct ctx *cx, struct call *call, const struct serve *v, Str url) {
    AUTO(buf_done) struct buf b = buf_make(2000);
    buf_printf(&b, phrase(cx, "aldia listens at %.*s"), STR_ARG(url));
    buf_add_char(&b, '\n');
    if (v->server.is_demo) buf_printf(&b, "%s\n", phrase(cx, "This is a demo: every message stays here."));
    if (call->say) {
        call->say(call->self, buf_str(&b));
        fflush(stdout);
    } else {
        fwrite(b.p, 1, b.n, stderr);
    }
    log_write(LOG_INFO, "serve_started", "at=%.*s pid=%d", STR_ARG(url), (int)getpid());
}

static Str url_of(struct ctx *cx, const struct serve *v) {
    const union MHD_DaemonInfo *port = MHD_get_daemon_info(v->server.daemon, MHD_DAEMON_INFO_BIND_PORT);
    const char *colon = strrchr(v->at.text, ':');
    Str host = {v->at.text, (size_t)(colon - v->at.text)};
    if (host.n == 0) host = S("localhost");
    return arena_printf(cx->arena, "%s://%.*s:%u/", v->server.is_tls ? "https" : "http", STR_ARG(host), port ? port->port : 0);
}

static enum rc serve(struct ctx *cx, struct call *call) {
    struct serve *v = ARENA_NEW(cx->arena, struct serve);
    sigset_t signals, before;
    int number = 0;
    if (!getenv("ALDIA_LOG")) log_set_level(LOG_INFO);
    signal(SIGPIPE, SIG_IGN);
    mem_be_frugal();
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, &before); /* inherited by every thread: only this one is told */
    enum rc rc = prepare(cx, call, v);
    if (rc == OK) {
        find_demo(cx, &v->server);
        rc = start(cx, v);
    }
    if (rc == OK) {
        Str url = url_of(cx, v);
        announce(cx, call, v, url);
        while (sigwait(&signals, &number) == 0 && number == SIGHUP) housekeeper_read_certificate(&v->server);
        log_write(LOG_INFO, "serve_stopping", "signal=%d", number);
    }
    struct fault fault = cx->fault;
    stop(v);
    cx->fault = fault;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (rc != OK) return rc;
    json_object(call->out);
    json_put_bool(call->out, "stopped", true);
    json_object_end(call->out);
    return OK;
}

const struct action serve_action = {
    .verb = "serve",
    .summary = "The pages, the API and the daily round, until it is told to end",
    .details = "SIGTERM and SIGINT end it: what is under way is finished first. Settings of the group Server say where it listens, "
               "its certificate, proxies and limits. SIGHUP reads the certificate again. In a data directory made by aldia demo it lives on the demo's clock.",
    .needs = CAP_INSTALL,
    .tx = TX_NONE,
    .of_installation = true,
    .params = PARAMS({"listen", P_TEXT, OPTIONAL, "address and port (the setting listen)", NULL}),
    .run = serve,
};
