/* libcurl's multi interface, and the guard at the socket. */
#include "hook/hook_wire.h"

#include <curl/curl.h>
#include <nettle/hmac.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "core/ip.h"

#define URL_MOST 500
#define CONNECT_S 5L
#define WHOLE_S 15L
#define BODY_MOST ((size_t)64 * 1024)
#define HEADERS_MOST ((size_t)32 * 1024)

struct talk {
    struct talk *next; /* of those that are done */
    struct hook_wire *wire;
    struct hook_post *post;
    CURL *curl;
    struct curl_slist *headers;
    char fault[CURL_ERROR_SIZE];
    char begin[160]; /* of the answer */
    size_t begun, body, header_bytes;
    bool refused, host_listed, headers_done;
    char refused_ip[IP_TEXT];
};

struct hook_wire {
    struct hook_rules rules;
    CURLM *multi;
    struct curl_slist *resolve;
    struct talk *under_way[256];
    size_t busy;
    struct talk *done, **done_end;
};

/* ---- the guard ---- */

static bool is_host_name(Str text) {
    if (text.n == 0 || text.n > 253) return false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
        if (!good) return false;
    }
    char last = text.p[text.n - 1];
    return !(last >= '0' && last <= '9'); /* 10.0.0 is a mistyped address */
}

enum rc hook_rules_check(struct ctx *cx, const struct hook_rules *rules) {
    for (Str rest = rules->allowed; rest.p && rest.n;) {
        Str entry = str_trim(str_cut(&rest, ',')), bad;
        if (entry.n == 0 || is_host_name(entry) || !ip_list_fault(entry, &bad)) continue;
        return fail_field(cx, INVALID, "webhook_private", "write addresses, networks and names by commas: 10.0.0.0/8, erp.lan",
                          "\"%.*s\" is neither an address, a network nor a host name", STR_ARG(entry));
    }
    return OK;
}

static bool host_is_listed(Str list, Str host) {
    for (Str rest = list; rest.p && rest.n;)
        if (str_equal_nocase(str_trim(str_cut(&rest, ',')), host)) return true;
    return false;
}

static bool ip_allowed(const struct hook_rules *rules, Ip ip) {
    if (rules->only_loopback && !ip_is_loopback(ip)) return false;
    return ip_is_public(ip) || ip_in_list(rules->allowed, ip);
}

static curl_socket_t open_socket(void *self, curlsocktype purpose, struct curl_sockaddr *to) {
    struct talk *t = self;
    const struct hook_rules *rules = &t->wire->rules;
    Ip ip;
    bool known = purpose == CURLSOCKTYPE_IPCXN && ip_of_sockaddr(&to->addr, &ip);
    bool listed = known && t->host_listed && (!rules->only_loopback || ip_is_loopback(ip));
    if (!known || !(listed || ip_allowed(rules, ip))) {
        t->refused = true;
        if (known) ip_text(ip, t->refused_ip);
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* An address as curl will understand it, not as we might. */
struct url_parts {
    CURLU *url;
    char *scheme, *host, *user, *password, *fragment;
};

static void url_parts_done(struct url_parts *u) {
    char *const texts[] = {u->scheme, u->host, u->user, u->password, u->fragment};
    for (size_t i = 0; i < COUNT_OF(texts); i++) curl_free(texts[i]);
    curl_url_cleanup(u->url);
}

static bool url_parts_read(const char *url, struct url_parts *out) {
    *out = (struct url_parts){.url = curl_url()};
    if (!out->url || curl_url_set(out->url, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) return false;
    (void)curl_url_get(out->url, CURLUPART_USER, &out->user, 0);
    (void)curl_url_get(out->url, CURLUPART_PASSWORD, &out->password, 0);
    (void)curl_url_get(out->url, CURLUPART_FRAGMENT, &out->fragment, 0);
    return curl_url_get(out->url, CURLUPART_SCHEME, &out->scheme, 0) == CURLUE_OK &&
           curl_url_get(out->url, CURLUPART_HOST, &out->host, 0) == CURLUE_OK;
}

static bool url_host_is_listed(const struct hook_rules *rules, const char *url) {
    AUTO(url_parts_done) struct url_parts u;
    return url_parts_read(url, &u) && host_is_listed(rules->allowed, str_from(u.host));
}

static enum rc check_parts(struct ctx *cx, const struct hook_rules *rules, const struct url_parts *u) {
    Ip ip;
    char text[IP_TEXT];
    bool is_plain = strcmp(u->scheme, "http") == 0;
    if (!is_plain && strcmp(u->scheme, "https") != 0)
        return fail_field(cx, INVALID, "url", "write it as https://erp.empresa.example/aldia", "the address of a webhook begins with https://");
    if (is_plain && !rules->plain)
        return fail_field(cx, INVALID, "url", "use https, or set webhook_plain_http = on in aldia.conf for a network of your own",
                          "webhooks are sent by https only");
    if (u->user || u->password)
        return fail_field(cx, INVALID, "url", "the signature tells who sends; a token may stand in the path",
                          "the address of a webhook carries no user or password");
    if (u->fragment) return fail_field(cx, INVALID, "url", NULL, "the address of a webhook has no part behind #");
    bool is_literal = ip_parse(str_from(u->host), &ip);
    if (is_literal && !ip_allowed(rules, ip))
        return fail_field(cx, INVALID, "url", "addresses of a network of your own are named in webhook_private of aldia.conf",
                          "%.*s is not a public address", STR_ARG(ip_text(ip, text)));
    return OK;
}

enum rc hook_url_check(struct ctx *cx, const struct hook_rules *rules, const char *url) {
    AUTO(url_parts_done) struct url_parts u;
    Str text = str_from(url);
    bool whole = text.n <= URL_MOST && str_index(text, ' ') == text.n && str_index(text, '\\') == text.n && !str_has_control(text);
    bool read = url_parts_read(url, &u);
    if (!whole || !read)
        return fail_field(cx, INVALID, "url", "write it as https://erp.empresa.example/aldia", "that is no address of a webhook");
    return check_parts(cx, rules, &u);
}

/* ---- one answer ---- */

static size_t take_header(char *bytes, size_t size, size_t count, void *self) {
    struct talk *t = self;
    t->header_bytes += size * count;
    if (size * count == 2 && memcmp(bytes, "\r\n", 2) == 0) t->headers_done = true;
    return t->header_bytes <= HEADERS_MOST ? size * count : 0;
}

/* Only how it begins is kept; beyond BODY_MOST the connection is dropped. */
static size_t take_body(char *bytes, size_t size, size_t count, void *self) {
    struct talk *t = self;
    size_t n = size * count, room = sizeof t->begin - t->begun;
    if (n < room) room = n;
    memcpy(t->begin + t->begun, bytes, room);
    t->begun += room;
    t->body += n;
    return t->body <= BODY_MOST ? n : 0;
}

static void write_answer(struct talk *t, CURLcode code) {
    struct hook_post *p = t->post;
    if (p->status) {
        size_t out = 0;
        for (size_t i = 0; i < t->begun && out < sizeof p->answer - 1; i++) {
            char c = t->begin[i];
            p->answer[out++] = c >= ' ' && c < 127 ? c : ' ';
        }
        p->answer[out] = '\0';
        if (p->status >= 300 && p->status < 400) snprintf(p->answer, sizeof p->answer, "redirects are not followed");
    } else if (t->refused) {
        snprintf(p->answer, sizeof p->answer, "the host has the address %s, which is not public", t->refused_ip[0] ? t->refused_ip : "?");
    } else {
        snprintf(p->answer, sizeof p->answer, "%.190s", t->fault[0] ? t->fault : curl_easy_strerror(code));
    }
}

static void finish(struct talk *t, CURLcode code) {
    struct hook_post *p = t->post;
    long status = 0;
    curl_off_t us = 0;
    if (t->curl) {
        curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
        curl_easy_getinfo(t->curl, CURLINFO_TOTAL_TIME_T, &us);
    }
    /* The status decides once all headers are there; nothing depends on the body. */
    p->status = t->headers_done && status >= 200 ? (int)status : 0;
    p->duration_ms = (int64_t)us / 1000;
    write_answer(t, code);
    t->next = NULL;
    *t->wire->done_end = t;
    t->wire->done_end = &t->next;
}

static void talk_free(struct talk *t) {
    if (t->curl) curl_easy_cleanup(t->curl);
    curl_slist_free_all(t->headers);
    mem_free(t);
}

/* ---- one request ---- */

static void add_header(struct talk *t, const char *name, const char *value) {
    char line[600];
    snprintf(line, sizeof line, "%s: %s", name, value);
    struct curl_slist *longer = curl_slist_append(t->headers, line);
    if (longer) t->headers = longer;
}

static bool set_bounds(struct talk *t) {
    CURL *c = t->curl;
    const struct hook_rules *rules = &t->wire->rules;
    bool good = curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, rules->plain ? "https,http" : "https") == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK && curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_NOPROXY, "*") == CURLE_OK && curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, CONNECT_S) == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_TIMEOUT, WHOLE_S) == CURLE_OK && curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, t) == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, t->wire->resolve ? 1L : 0L) == CURLE_OK;
    if (rules->ca_file) good = good && curl_easy_setopt(c, CURLOPT_CAINFO, rules->ca_file) == CURLE_OK;
    if (t->wire->resolve) good = good && curl_easy_setopt(c, CURLOPT_RESOLVE, t->wire->resolve) == CURLE_OK;
    return good;
}

static bool set_request(struct talk *t) {
    CURL *c = t->curl;
    const struct hook_post *p = t->post;
    add_header(t, "Content-Type", "application/json");
    add_header(t, "Accept", "*/*");
    add_header(t, "Expect", "");
    add_header(t, "Aldia-Delivery", p->id);
    add_header(t, "Aldia-Event", p->event);
    add_header(t, "Aldia-Signature", p->signature);
    return curl_easy_setopt(c, CURLOPT_URL, p->url) == CURLE_OK && curl_easy_setopt(c, CURLOPT_POST, 1L) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)p->body.n) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_POSTFIELDS, p->body.p) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_HTTPHEADER, t->headers) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_USERAGENT, "aldia/" ALDIA_VERSION) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->fault) == CURLE_OK && curl_easy_setopt(c, CURLOPT_PRIVATE, t) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK && curl_easy_setopt(c, CURLOPT_HEADERDATA, t) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK && curl_easy_setopt(c, CURLOPT_WRITEDATA, t) == CURLE_OK;
}

static void set_up_libcurl(void) { MUST(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); }

enum rc hook_wire_open(struct ctx *cx, const struct hook_rules *rules, struct hook_wire **out) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    MUST(pthread_once(&once, set_up_libcurl) == 0);
    TRY(hook_rules_check(cx, rules));
    struct hook_wire *w = mem_alloc(sizeof *w);
    w->rules = *rules;
    w->done_end = &w->done;
    w->multi = curl_multi_init();
    if (rules->resolve) w->resolve = curl_slist_append(NULL, rules->resolve);
    if (!w->multi) {
        mem_free(w);
        return fail(cx, INTERNAL, "could not prepare sending to webhooks");
    }
    curl_multi_setopt(w->multi, CURLMOPT_MAXCONNECTS, 64L);
    *out = w;
    return OK;
}

void hook_wire_close(struct hook_wire *w) {
    for (size_t i = 0; i < w->busy; i++) {
        curl_multi_remove_handle(w->multi, w->under_way[i]->curl);
        talk_free(w->under_way[i]);
    }
    while (hook_wire_done(w)) continue;
    curl_multi_cleanup(w->multi);
    curl_slist_free_all(w->resolve);
    mem_free(w);
}

void hook_wire_release(struct hook_wire **w) {
    if (*w) hook_wire_close(*w);
}

void hook_wire_send(struct hook_wire *w, struct hook_post *post) {
    struct talk *t = mem_alloc(sizeof *t);
    t->wire = w;
    t->post = post;
    t->curl = curl_easy_init();
    t->host_listed = url_host_is_listed(&w->rules, post->url);
    bool begun = w->busy < COUNT_OF(w->under_way) && t->curl && set_bounds(t) && set_request(t) &&
                 curl_multi_add_handle(w->multi, t->curl) == CURLM_OK;
    if (begun)
        w->under_way[w->busy++] = t;
    else
        finish(t, CURLE_FAILED_INIT);
}

size_t hook_wire_busy(const struct hook_wire *w) { return w->busy; }

static void take_out(struct hook_wire *w, const struct talk *t) {
    for (size_t i = 0; i < w->busy; i++)
        if (w->under_way[i] == t) {
            w->under_way[i] = w->under_way[--w->busy];
            return;
        }
}

void hook_wire_work(struct hook_wire *w, int wait_ms) {
    int running = 0, left = 0;
    if (!w->done && w->busy) curl_multi_poll(w->multi, NULL, 0, wait_ms, NULL);
    curl_multi_perform(w->multi, &running);
    for (const CURLMsg *m; (m = curl_multi_info_read(w->multi, &left));) {
        char *self = NULL;
        if (m->msg != CURLMSG_DONE || curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &self) != CURLE_OK) continue;
        struct talk *t = (struct talk *)(void *)self;
        CURLcode code = m->data.result;
        curl_multi_remove_handle(w->multi, t->curl);
        take_out(w, t);
        finish(t, code);
    }
}

struct hook_post *hook_wire_done(struct hook_wire *w) {
    struct talk *t = w->done;
    if (!t) return NULL;
    w->done = t->next;
    if (!w->done) w->done_end = &w->done;
    struct hook_post *p = t->post;
    talk_free(t);
    return p;
}

/* ---- the signature ---- */

static void add_hmac(struct buf *out, Str secret, Str stamp, Str body) {
    struct hmac_sha256_ctx h;
    unsigned char digest[SHA256_DIGEST_SIZE];
    hmac_sha256_set_key(&h, secret.n, (const uint8_t *)secret.p);
    hmac_sha256_update(&h, stamp.n, (const uint8_t *)stamp.p);
    hmac_sha256_update(&h, 1, (const uint8_t *)".");
    if (body.n) hmac_sha256_update(&h, body.n, (const uint8_t *)body.p);
    hmac_sha256_digest(&h, sizeof digest, digest);
    buf_add(out, S(",v1="));
    buf_add_hex(out, digest, sizeof digest);
}

const char *hook_signature(struct arena *arena, Str secret, Str old, Instant at, Str body) {
    AUTO(buf_done) struct buf b = buf_make(1000);
    Str stamp = arena_printf(arena, "%lld", (long long)(at.ms / MS_PER_SECOND));
    buf_add(&b, S("t="));
    buf_add(&b, stamp);
    add_hmac(&b, secret, stamp, body);
    if (old.p) add_hmac(&b, old, stamp, body);
    return arena_cstr(arena, buf_str(&b));
}
