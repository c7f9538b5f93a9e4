/* A dialogue up to naming the sender, by libcurl. The one idea: a custom command (MAIL) in place of a message makes libcurl do all that comes
 * before one; then it says QUIT, and no message was begun. */
#include "channel/smtp_check.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "channel/smtp_curl.h"
#include "channel/smtp_talk.h"

struct checking {
    const struct smtp_config *config;
    struct smtp_talk talk;
    struct smtp_check *out;
    Str from;
};

static void keep_line(char *into, size_t size, Str line) {
    size_t n = 0;
    line = str_trim(line);
    for (size_t i = 0; i < line.n && n + 1 < size; i++)
        if (line.p[i] >= ' ' && line.p[i] < 127) into[n++] = line.p[i];
    into[n] = '\0';
}

static int on_debug(CURL *curl, curl_infotype type, char *data, size_t n, void *self) {
    struct checking *c = self;
    (void)curl;
    if (type != CURLINFO_HEADER_OUT) return 0;
    smtp_talk_command(&c->talk, (Str){data, n});
    return 0;
}

static size_t on_reply(char *data, size_t size, size_t count, void *self) {
    struct checking *c = self;
    Str line = {data, size * count};
    if (!c->out->greeting[0]) keep_line(c->out->greeting, sizeof c->out->greeting, line);
    return smtp_talk_reply(&c->talk, line) ? size * count : 0;
}

#define SET(option, value) MUST(curl_easy_setopt(curl, (option), (value)) == CURLE_OK)

static CURLcode talk(CURL *curl, struct checking *c, int seconds, char error[CURL_ERROR_SIZE]) {
    char command[400];
    snprintf(command, sizeof command, "MAIL FROM:<%.*s>", (int)(c->from.n < 300 ? c->from.n : 300), c->from.p);
    SET(CURLOPT_TIMEOUT, (long)seconds);
    SET(CURLOPT_ERRORBUFFER, error);
    SET(CURLOPT_NOBODY, 1L);
    SET(CURLOPT_CUSTOMREQUEST, command);
    SET(CURLOPT_HEADERFUNCTION, on_reply);
    SET(CURLOPT_HEADERDATA, c);
    SET(CURLOPT_VERBOSE, 1L);
    SET(CURLOPT_DEBUGFUNCTION, on_debug);
    SET(CURLOPT_DEBUGDATA, c);
    return curl_easy_perform(curl);
}

static void judge(struct checking *c, CURLcode code, const char *error) {
    struct smtp_check *out = c->out;
    struct handoff_result result;
    const struct smtp_talk *t = &c->talk;
    bool accepted = t->stage == AT_MAIL && t->complete && t->code / 100 == 2;
    bool no_auth = accepted && c->config->user && !t->authenticated;
    smtp_talk_judge(t, error[0] ? error : curl_easy_strerror(code), &result);
    out->code = t->code;
    out->stage = no_auth ? smtp_stage_name(AT_AUTH) : accepted ? "ready" : smtp_stage_name(t->stage);
    out->authenticated = t->authenticated;
    out->encrypted = c->config->security != SMTP_PLAIN && t->stage >= AT_AUTH;
    out->good = accepted && !no_auth;
    snprintf(out->reply, sizeof out->reply, "%.250s",
             no_auth    ? "the server offers no authentication, but a user is configured"
             : accepted ? t->text
                        : result.reply);
}

void smtp_check_run(const struct smtp_config *config, Str from, int seconds, struct smtp_check *out_check) {
    int64_t begun = clock_monotonic_ms();
    char error[CURL_ERROR_SIZE] = "";
    *out_check = (struct smtp_check){.stage = "connect"};
    struct checking c = {.config = config, .out = out_check, .from = from};
    if (config->security == SMTP_PLAIN && config->user && !smtp_is_loopback(config->host)) {
        snprintf(out_check->reply, sizeof out_check->reply, "credentials do not leave this machine unencrypted: set smtp_security to starttls or tls");
        return;
    }
    CURL *curl = smtp_curl(config);
    smtp_talk_begin(&c.talk);
    CURLcode code = talk(curl, &c, seconds, error);
    judge(&c, code, error);
    curl_easy_cleanup(curl);
    smtp_hide_secrets(config, out_check->reply);
    out_check->took_ms = clock_monotonic_ms() - begun;
}
