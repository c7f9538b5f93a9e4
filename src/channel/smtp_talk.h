/* What was said on an SMTP connection about one message, and what follows from it for the hand-off.
 *
 * Pure: the driver (smtp.c) tells it each command that left, each reply line that came and how far the body got; it
 * never touches a socket. The judgement is a function of these facts alone, so that it can be tested and fuzzed without
 * a server. */
#ifndef CHANNEL_SMTP_TALK_H
#define CHANNEL_SMTP_TALK_H

#include "channel/channel.h"

enum smtp_stage {
    AT_CONNECT, /* TCP, TLS on connecting, greeting */
    AT_EHLO,
    AT_STARTTLS,
    AT_AUTH,
    AT_MAIL,
    AT_RCPT,
    AT_DATA,
    AT_BODY /* 354 came and `ready` agreed; with dot_out: waiting for the last reply */
};
const char *smtp_stage_name(enum smtp_stage stage);

struct smtp_talk {
    enum smtp_stage stage; /* of the last command */
    int code;              /* of the reply to it; 0 while none, or none that can be read */
    bool complete;         /* the reply's last line is there */
    bool unreadable;       /* a line that is no SMTP reply, or codes that contradict each other */
    bool over;             /* QUIT was said: what follows is not about the message */
    bool authenticated;    /* this connection got 235; outlives the message */
    bool asked, refused;   /* `ready` was called; it said no */
    bool dot_out;          /* the body is written and the final dot may have left the process */
    int lines;             /* of the present reply */
    size_t text_n;
    char text[256]; /* the present reply, its lines joined; printable ASCII */
};

/* A new message, on the same connection or another. */
void smtp_talk_begin(struct smtp_talk *t);
/* A command left, with or without its line end. Whatever is no command of ours (the exchanges within AUTH) changes
 * nothing. */
void smtp_talk_command(struct smtp_talk *t, Str line);
/* A reply line came. False when it cannot be read, or there is no end to the reply: the connection is of no more use.
 */
bool smtp_talk_reply(struct smtp_talk *t, Str line);
/* `ready` agreed: the reply to what follows is the reply to the body. */
void smtp_talk_body(struct smtp_talk *t);
/* A user is configured, but the connection came to DATA without AUTH: counts as trouble at AUTH. */
void smtp_talk_no_auth(struct smtp_talk *t);
/* The outcome. `error` is the driver's own explanation, used where the server gave none. */
void smtp_talk_judge(const struct smtp_talk *t, const char *error, struct handoff_result *out_result);

#endif
