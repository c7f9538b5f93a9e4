/* libcurl on its way to the configured server. Private to the SMTP driver and its check. */
#ifndef CHANNEL_SMTP_CURL_H
#define CHANNEL_SMTP_CURL_H

#include <curl/curl.h>

#include "channel/smtp.h"

/* A handle that goes to this server, as securely as configured, as this user and by no other way; what it is to say is for the caller to set, who
 * also ends it by curl_easy_cleanup. The texts of `config` must outlive it. */
CURL *smtp_curl(const struct smtp_config *config);

#endif
