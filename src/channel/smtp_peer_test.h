/* The scriptable SMTP server (test/fake/smtp_peer.py) in the hands of the C tests: start it, tell it what to do, ask
 * what it kept. */
#ifndef CHANNEL_SMTP_PEER_TEST_H
#define CHANNEL_SMTP_PEER_TEST_H

#include <sys/types.h>

#include "base/test.h"
#include "channel/smtp.h"

struct peer {
    pid_t pid;
    int port;
};

/* Set-up and tear-down of a case: the folder its server works in. */
int peer_folder_make(void **state);
int peer_folder_remove(void **state);
const char *peer_folder(void);

/* Makes certificates (test/fake/mkcerts.sh) in a folder within. */
void peer_certificates(char *out_folder, size_t size);

pid_t peer_spawn(const char *const *argv);
/* `more`: further arguments, NULL-terminated. The script and the log start empty. */
struct peer peer_start(struct ctx *cx, const char *const *more);
void peer_stop(struct peer peer);
void peer_script(struct ctx *cx, const char *rules);
Str peer_log(struct ctx *cx);
/* Lines that hold both texts. */
int count_lines(Str log, const char *one, const char *other);
/* Waits for lines that the server writes on its own. */
bool peer_log_comes_to(const char *one, const char *other, int wanted);
void pause_ms(int ms);

/* T, as the tests play it. */
struct tee {
    Str body;
    bool refuse, too_early;   /* too_early: called before a 354 was given */
    int called, data_started; /* data_started: 354s in the log before */
    int takes_ms;             /* how long T takes */
    bool unwatched;           /* do not look into the log: other threads use the server too */
};
struct handoff_result send_one(struct channel_connection *c, struct tee *tee, Str from, Str to);
#define SMALL S("Subject: x\r\n\r\n.one\r\n..two\r\n\r\n.\r\nlast\r\n")
/* Far more than socket buffers hold, full of dots at line starts, with every alignment to libcurl's buffer. */
Str big_body(struct ctx *cx);
/* The message to this recipient was stored as it was sent. */
void check_stored_bytes(struct ctx *cx, Str log, const char *to, Str body);

#endif
