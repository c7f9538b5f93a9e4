/* E-mail by SMTP on libcurl: one easy handle per connection, kept open between messages.
 *
 * Owns the connection, its time limits and the moment of T; what the dialogue means is smtp_talk.h's. The one idea:
 * libcurl writes the final dot only after the read callback has returned 0, so that return is the line between "not
 * sent" and "may have been accepted"; everything else is read off the commands and replies libcurl shows us. Checked
 * against libcurl 7.88. */
#include "channel/smtp.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "channel/smtp_curl.h"
#include "channel/smtp_talk.h"

/* Our own watchdog does the timing (on_progress): libcurl measures the wait for the last reply from the DATA command
 * when it could not write the dot at once, which would cut it short after a long body. */
#define NO_REPLY_LIMIT_S 604800L
/* libcurl counts from TCP to the end of AUTH as one connect: at most this many waits. */
#define WAITS_TO_CONNECT 10L
/* A server that does not answer QUIT holds nobody up. */
#define QUIT_WAIT_MS (2 * MS_PER_SECOND)
#define MAX_ADDRESS 320

struct channel_connection {
    const struct smtp_config *config;
    CURL *curl;
    curl_socket_t sockets[4]; /* open ones; one but while connecting by several addresses. libcurl tells its own only
                                 after a transfer */
    struct smtp_talk talk;
    const struct handoff *message;
    Str body;
    size_t body_at;
    int64_t last_ms; /* when the present wait began */
    bool timed_out;
    const char *stop_reason; /* why a callback ended the transfer, or NULL */
    char error[CURL_ERROR_SIZE];
};

bool smtp_is_loopback(const char *host) {
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, host, &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
    if (inet_pton(AF_INET6, host, &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6);
    return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0;
}

/* --- what libcurl tells us */

static curl_socket_t on_open(void *self, curlsocktype purpose, struct curl_sockaddr *address) {
    (void)purpose;
    struct channel_connection *c = self;
    curl_socket_t fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    for (size_t i = 0; i < COUNT_OF(c->sockets); i++) {
        if (c->sockets[i] != CURL_SOCKET_BAD) continue;
        c->sockets[i] = fd;
        break;
    }
    return fd;
}

static int on_close(void *self, curl_socket_t fd) {
    struct channel_connection *c = self;
    for (size_t i = 0; i < COUNT_OF(c->sockets); i++)
        if (c->sockets[i] == fd) c->sockets[i] = CURL_SOCKET_BAD;
    return close(fd);
}

static curl_socket_t open_socket(const struct channel_connection *c) {
    for (size_t i = 0; i < COUNT_OF(c->sockets); i++)
        if (c->sockets[i] != CURL_SOCKET_BAD) return c->sockets[i];
    return CURL_SOCKET_BAD;
}

static void wait_begins(struct channel_connection *c) { c->last_ms = clock_monotonic_ms(); }

static int on_debug(CURL *curl, curl_infotype type, char *data, size_t n, void *self) {
    (void)curl;
    struct channel_connection *c = self;
    if (type == CURLINFO_HEADER_OUT) smtp_talk_command(&c->talk, (Str){data, n});
    /* Reply lines do not count before the last one (on_reply): a reply in drops must end in time, too. */
    if (type != CURLINFO_HEADER_IN) wait_begins(c);
    return 0;
}

static size_t on_reply(char *data, size_t size, size_t count, void *self) {
    struct channel_connection *c = self;
    if (!smtp_talk_reply(&c->talk, (Str){data, size * count})) {
        c->stop_reason = "the reply cannot be read";
        return 0;
    }
    if (c->talk.complete) wait_begins(c);
    return size * count;
}

static int on_progress(void *self, curl_off_t total_in, curl_off_t in, curl_off_t total_out, curl_off_t out) {
    (void)total_in, (void)in, (void)total_out, (void)out;
    struct channel_connection *c = self;
    int64_t limit = c->config->timeout_s * MS_PER_SECOND;
    if (c->talk.over && limit > QUIT_WAIT_MS) limit = QUIT_WAIT_MS;
    if (clock_monotonic_ms() - c->last_ms <= limit) return 0;
    c->timed_out = true;
    return 1;
}

static int on_rewind(void *self, curl_off_t offset, int origin) {
    (void)self, (void)offset, (void)origin;
    return CURL_SEEKFUNC_FAIL;
}

/* --- the body */

/* REQ: C1. T runs here, once, and only on a 354. */
static bool body_begins(struct channel_connection *c) {
    struct smtp_talk *t = &c->talk;
    MUST(!t->asked && t->stage == AT_DATA && t->complete && t->code == 354);
    if (c->config->user && !t->authenticated) {
        smtp_talk_no_auth(t);
        c->stop_reason = "the server offers no authentication, but a user is configured";
        return false;
    }
    t->asked = true;
    Str body = {0};
    if (!c->message->ready(c->message->self, &body)) {
        t->refused = true;
        return false;
    }
    c->body = body;
    smtp_talk_body(t);
    wait_begins(c);
    return true;
}

/* Before the dot the server has nothing to say. When it has gone, or answers early, the message is certainly not
 * accepted as long as the dot is kept back. Within TLS the bytes cannot be read here (they may be session tickets or a
 * farewell); there only a closed connection counts. */
static bool server_interrupts(struct channel_connection *c) {
    struct pollfd at = {.fd = open_socket(c), .events = POLLIN | POLLRDHUP};
    if (at.fd == CURL_SOCKET_BAD || poll(&at, 1, 0) <= 0) return false;
    char early[512];
    ssize_t n = c->config->security == SMTP_PLAIN ? recv(at.fd, early, sizeof early, MSG_PEEK | MSG_DONTWAIT) : 0;
    if (n <= 0) {
        if (!(at.revents & (POLLRDHUP | POLLHUP | POLLERR))) return false;
        c->stop_reason = "the server closed the connection before the end of the message";
        return true;
    }
    c->stop_reason = "the server answered before the end of the message";
    Str rest = {early, (size_t)n};
    while (rest.p && !c->talk.complete) {
        Str line = str_cut(&rest, '\n');
        if (!rest.p || !smtp_talk_reply(&c->talk, line)) break;
    }
    return true;
}

static size_t on_read(char *into, size_t size, size_t count, void *self) {
    struct channel_connection *c = self;
    if (c->talk.dot_out) return 0;
    if (server_interrupts(c)) return CURL_READFUNC_ABORT;
    if (!c->talk.asked && !body_begins(c)) return CURL_READFUNC_ABORT;
    MUST(!c->talk.refused && c->talk.stage == AT_BODY);
    size_t left = c->body.n - c->body_at, n = size * count;
    if (n > left) n = left;
    if (n == 0) {
        c->talk.dot_out = true;
        wait_begins(c);
        return 0;
    }
    memcpy(into, c->body.p + c->body_at, n);
    c->body_at += n;
    return n;
}

/* --- one connection */

#define SET(option, value) MUST(curl_easy_setopt(c->curl, (option), (value)) == CURLE_OK)

static struct channel_connection *smtp_open(const void *config) {
    struct channel_connection *c = mem_alloc(sizeof *c);
    *c = (struct channel_connection){.config = config, .curl = smtp_curl(config)};
    for (size_t i = 0; i < COUNT_OF(c->sockets); i++) c->sockets[i] = CURL_SOCKET_BAD;
    MUST(c->config->timeout_s > 0);
    SET(CURLOPT_TCP_NODELAY, 1L);
    SET(CURLOPT_MAXCONNECTS, 1L);
    SET(CURLOPT_OPENSOCKETFUNCTION, on_open);
    SET(CURLOPT_OPENSOCKETDATA, c);
    SET(CURLOPT_CLOSESOCKETFUNCTION, on_close);
    SET(CURLOPT_CLOSESOCKETDATA, c);
    SET(CURLOPT_CONNECTTIMEOUT, c->config->timeout_s * WAITS_TO_CONNECT);
    SET(CURLOPT_SERVER_RESPONSE_TIMEOUT, NO_REPLY_LIMIT_S);
    SET(CURLOPT_ERRORBUFFER, c->error);
    SET(CURLOPT_UPLOAD, 1L);
    SET(CURLOPT_READFUNCTION, on_read);
    SET(CURLOPT_READDATA, c);
    /* A body leaves once: libcurl may never start it over. */
    SET(CURLOPT_SEEKFUNCTION, on_rewind);
    SET(CURLOPT_HEADERFUNCTION, on_reply);
    SET(CURLOPT_HEADERDATA, c);
    SET(CURLOPT_VERBOSE, 1L);
    SET(CURLOPT_DEBUGFUNCTION, on_debug);
    SET(CURLOPT_DEBUGDATA, c);
    SET(CURLOPT_NOPROGRESS, 0L);
    SET(CURLOPT_XFERINFOFUNCTION, on_progress);
    SET(CURLOPT_XFERINFODATA, c);
    return c;
}

static void smtp_close(struct channel_connection *c) {
    if (!c) return;
    /* libcurl says QUIT and waits up to two minutes for the answer; with the reading side shut it does not wait. */
    curl_socket_t fd = open_socket(c);
    if (fd != CURL_SOCKET_BAD) shutdown(fd, SHUT_RD);
    curl_easy_cleanup(c->curl);
    mem_free(c);
}

/* --- one message */

/* What may stand between < and > without becoming another command. */
static bool address_is_plain(Str address) {
    if (address.n > MAX_ADDRESS || !str_is_utf8(address) || str_has_control(address)) return false;
    for (size_t i = 0; i < address.n; i++)
        if (strchr(" <>\"\\", address.p[i])) return false;
    return true;
}

static void local_result(struct handoff_result *out_result, struct handoff_result r, const char *why) {
    snprintf(r.reply, sizeof r.reply, "%s", why);
    *out_result = r;
}

/* Whatever can be refused without asking the server. */
static bool may_try(const struct smtp_config *config, const struct handoff *message,
                    struct handoff_result *out_result) {
    if (config->security == SMTP_PLAIN && config->user && !smtp_is_loopback(config->host)) {
        local_result(out_result, (struct handoff_result){.outcome = HANDOFF_DEFERRED, .unreachable = true},
                     "credentials do not leave this machine unencrypted: set smtp_security to starttls or tls");
        return false;
    }
    if (!address_is_plain(message->from)) {
        local_result(out_result, (struct handoff_result){.outcome = HANDOFF_DEFERRED, .unreachable = true},
                     "the sender address cannot be used in SMTP");
        return false;
    }
    if (message->to.n == 0 || !address_is_plain(message->to)) {
        local_result(out_result, (struct handoff_result){.outcome = HANDOFF_FAILED, .bad_address = true},
                     "the recipient address cannot be used in SMTP");
        return false;
    }
    return true;
}

static CURLcode perform(struct channel_connection *c, bool fresh) {
    const struct handoff *message = c->message;
    char from[MAX_ADDRESS + 3], to[MAX_ADDRESS + 3];
    snprintf(from, sizeof from, "<%.*s>", STR_ARG(message->from));
    snprintf(to, sizeof to, "<%.*s>", STR_ARG(message->to));
    struct curl_slist *recipients = curl_slist_append(NULL, to);
    MUST(recipients);
    SET(CURLOPT_MAIL_FROM, from);
    SET(CURLOPT_MAIL_RCPT, recipients);
    SET(CURLOPT_FRESH_CONNECT, (long)fresh);
    smtp_talk_begin(&c->talk);
    c->body = (Str){0};
    c->body_at = 0;
    c->timed_out = false;
    c->stop_reason = NULL;
    c->error[0] = '\0';
    wait_begins(c);
    CURLcode code = curl_easy_perform(c->curl);
    SET(CURLOPT_MAIL_RCPT, NULL);
    curl_slist_free_all(recipients);
    return code;
}

/* A kept connection the server has closed meanwhile, silently or with 421: worth a second try, as nothing of the
 * message left. */
static bool was_stale(const struct channel_connection *c) {
    long connects = 1;
    const struct smtp_talk *t = &c->talk;
    if (curl_easy_getinfo(c->curl, CURLINFO_NUM_CONNECTS, &connects) != CURLE_OK || connects > 0) return false;
    if (t->asked || c->timed_out || t->stage > AT_MAIL) return false;
    return !t->complete ? !t->unreadable : t->code == 421;
}

static void replace_all(char *text, const char *secret) {
    size_t n = strlen(secret);
    for (char *at = text; n > 0 && (at = strstr(at, secret)); at += n) memset(at, '*', n);
}

/* A server may repeat what it was told. */
void smtp_hide_secrets(const struct smtp_config *config, char *text) {
    if (!config->user || !config->password) return;
    AUTO(buf_done) struct buf plain = buf_make(4096), coded = buf_make(8192);
    buf_add_char(&plain, '\0');
    buf_add_cstr(&plain, config->user);
    buf_add_char(&plain, '\0');
    buf_add_cstr(&plain, config->password);
    buf_add_base64(&coded, plain.p, plain.n);
    replace_all(text, coded.p);
    buf_clear(&coded);
    buf_add_base64(&coded, config->password, strlen(config->password));
    replace_all(text, coded.p);
    replace_all(text, config->password);
}

static void smtp_hand_off(struct channel_connection *c, const struct handoff *message,
                          struct handoff_result *out_result) {
    if (!may_try(c->config, message, out_result)) return;
    c->message = message;
    CURLcode code = perform(c, false);
    if (was_stale(c)) code = perform(c, true);
    char waited[64];
    snprintf(waited, sizeof waited, "no answer within %d s", c->config->timeout_s);
    const char *error = c->timed_out     ? waited
                        : c->stop_reason ? c->stop_reason
                        : c->error[0]    ? c->error
                                         : curl_easy_strerror(code);
    /* libcurl's own verdict counts for nothing but its words: the dialogue decides. */
    smtp_talk_judge(&c->talk, error, out_result);
    smtp_hide_secrets(c->config, out_result->reply);
    /* Should that reply have been said before the dot, within TLS, the real one is still to come: it must not be taken
     * for the reply to the next message. */
    curl_socket_t fd = open_socket(c);
    if (c->talk.dot_out && out_result->outcome != HANDOFF_SENT && fd != CURL_SOCKET_BAD) shutdown(fd, SHUT_RDWR);
    c->message = NULL;
}

const struct channel_driver smtp_driver = {
    .name = "smtp", .open = smtp_open, .hand_off = smtp_hand_off, .close = smtp_close};
