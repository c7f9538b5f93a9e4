/* E-mail by SMTP through libcurl (REQ: C1). T runs in the first call of the read callback, which libcurl makes after
 * the 354. */
#ifndef CHANNEL_SMTP_H
#define CHANNEL_SMTP_H

#include "channel/channel.h"

enum smtp_security { SMTP_PLAIN, SMTP_STARTTLS, SMTP_TLS };

/* Pointed-at texts must outlive every connection. */
struct smtp_config {
    const char *host;
    int port;
    enum smtp_security security; /* STARTTLS is required when chosen: not offered = deferred, nothing in clear */
    const char *user, *password; /* NULL: no AUTH */
    const char *ca_file;         /* NULL: the system's */
    int timeout_s;               /* each wait; after the final dot at least this */
    const char *helo;            /* name for EHLO, NULL: the host's */
};

extern const struct channel_driver smtp_driver;

/* Whether host is a loopback address or name: --clock-file is refused for anything else. */
bool smtp_is_loopback(const char *host);

/* libcurl, once a process. */
void smtp_set_up(void);
/* Blots password and login, plain and coded, out of what a server said. */
void smtp_hide_secrets(const struct smtp_config *config, char *text);

#endif
