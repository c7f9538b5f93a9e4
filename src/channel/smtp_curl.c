/* Where to connect and how securely: the same for a message and for a look at the server. */
#include "channel/smtp_curl.h"

#include <pthread.h>
#include <string.h>

#include "base/buf.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void set_up_libcurl(void) { MUST(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); }
void smtp_set_up(void) { pthread_once(&once, set_up_libcurl); }

#define SET(option, value) MUST(curl_easy_setopt(curl, (option), (value)) == CURLE_OK)

static void set_url(CURL *curl, const struct smtp_config *config) {
    AUTO(buf_done) struct buf url = buf_make(2048);
    bool bare_v6 = strchr(config->host, ':') && config->host[0] != '[';
    buf_printf(&url, "%s://%s%s%s", config->security == SMTP_TLS ? "smtps" : "smtp", bare_v6 ? "[" : "", config->host, bare_v6 ? "]" : "");
    if (config->port > 0) buf_printf(&url, ":%d", config->port);
    buf_add_char(&url, '/');
    if (config->helo) buf_add_url(&url, str_from(config->helo));
    SET(CURLOPT_URL, url.p);
}

static void set_security(CURL *curl, const struct smtp_config *config) {
    SET(CURLOPT_USE_SSL, (long)(config->security == SMTP_PLAIN ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    if (config->ca_file) {
        SET(CURLOPT_CAINFO, config->ca_file);
        SET(CURLOPT_CAPATH, NULL);
    }
    if (!config->user) return;
    SET(CURLOPT_USERNAME, config->user);
    SET(CURLOPT_PASSWORD, config->password ? config->password : "");
}

CURL *smtp_curl(const struct smtp_config *config) {
    smtp_set_up();
    CURL *curl = curl_easy_init();
    MUST(curl);
    set_url(curl, config);
    set_security(curl, config);
    SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    SET(CURLOPT_PROXY, ""); /* not from the environment either */
    SET(CURLOPT_NOSIGNAL, 1L);
    return curl;
}
