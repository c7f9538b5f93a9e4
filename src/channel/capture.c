/* The channel that leads nowhere: messages are composed, recorded as handed over, and stay in the local outbox. */
#include "channel/capture.h"

#include <stdio.h>

static struct channel_connection *capture_open(const void *config) {
    (void)config;
    return NULL;
}

static void capture_hand_off(struct channel_connection *c, const struct handoff *message,
                             struct handoff_result *out_result) {
    (void)c;
    Str body;
    *out_result =
        (struct handoff_result){.outcome = message->ready(message->self, &body) ? HANDOFF_SENT : HANDOFF_REFUSED};
    snprintf(out_result->reply, sizeof out_result->reply, "kept in the local outbox");
}

static void capture_close(struct channel_connection *c) { (void)c; }

const struct channel_driver capture_driver = {"captured", capture_open, capture_hand_off, capture_close};
