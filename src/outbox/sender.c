/* One sender: talk to the channel, tell what became of it. */
#include <string.h>

#include "outbox/desk.h"

struct sender {
    struct desk *desk;
    struct channel_connection *connection;
    struct outgoing *message;
    bool granted;
    sem_t answered;
    struct ctx *cx; /* in one thread: for composing */
};

static void send_beside(const struct sender *s);

/* In one thread: may another message be brought to its T before this one is answered? Then both share a commit. */
static bool may_send_beside(const struct desk *d) {
    return d->serve && d->on_their_way < d->config->at_once && d->work.count + d->prepared.count > 0 && !d->broken;
}

static void ask(struct sender *s, struct request *r) {
    r->answered = s->desk->serve ? NULL : &s->answered;
    desk_put_request(s->desk, r);
    if (r->kind == REQUEST_T && may_send_beside(s->desk)) send_beside(s);
    desk_wait(s->desk, r);
}

/* The channel is ready for the body: T. */
static bool ready(void *self, Str *out_body) {
    struct sender *s = self;
    struct request r = {.kind = REQUEST_T, .message = s->message};
    ask(s, &r);
    s->granted = r.granted;
    if (r.granted) *out_body = buf_str(&s->message->body);
    return r.granted;
}

/* What was accepted need not be waited for: the writer records it together with the next T's. True when the message is
 * the desk's now. */
static bool tell(struct sender *s, const struct handoff_result *result) {
    struct request *r = ARENA_NEW(s->message->arena, struct request);
    *r = (struct request){.kind = REQUEST_OUTCOME, .message = s->message, .result = *result, .after_t = s->granted};
    if (result->outcome == HANDOFF_SENT) {
        desk_leave(s->desk, r);
        return true;
    }
    ask(s, r);
    return false;
}

static bool hand_over(struct sender *s) {
    const struct outbox_config *config = s->desk->config;
    struct handoff_result result = {0};
    s->granted = false;
    struct handoff handoff = {.from = config->from_address, .to = s->message->address, .ready = ready, .self = s};
    if (s->desk->serve) s->desk->on_their_way++;
    config->driver->hand_off(s->connection, &handoff, &result);
    if (s->desk->serve) s->desk->on_their_way--;
    return result.outcome != HANDOFF_REFUSED && tell(s, &result);
}

/* True when the message is the desk's now. */
static bool handle(struct sender *s) {
    struct handoff_result failed = {.outcome = HANDOFF_NOT_SENT};
    if (s->message->is_prepared && !s->message->has_failed) return hand_over(s);
    s->granted = false;
    if (s->message->has_failed) {
        memcpy(failed.reply, s->message->fault, sizeof failed.reply);
        return tell(s, &failed);
    }
    struct request r = {.kind = REQUEST_DROP, .message = s->message};
    ask(s, &r);
    return false;
}

static void send_one(struct sender *s) {
    if (handle(s)) return;
    desk_put_down(s->desk, s->message);
    outgoing_free(s->message);
}

void *sender_main(void *argument) {
    struct desk *d = argument;
    struct sender s = {.desk = d, .connection = d->config->driver->open(d->config->driver_config)};
    MUST(sem_init(&s.answered, 0, 0) == 0);
    while ((s.message = desk_take_prepared(d))) send_one(&s);
    d->config->driver->close(s.connection);
    sem_destroy(&s.answered);
    return NULL;
}

/* ---- in one thread ---- */

static bool take_here(struct sender *s) {
    struct desk *d = s->desk;
    struct outgoing *messages[PREPARE_AT_ONCE];
    size_t n = d->prepared.count ? 0 : desk_take_work(d, messages);
    if (n) compose(s->cx, d, d->config->db, messages, n);
    s->message = desk_take_prepared(d);
    return s->message != NULL;
}

static void send_beside(const struct sender *s) {
    const struct outbox_config *config = s->desk->config;
    struct sender other = {.desk = s->desk, .cx = s->cx};
    if (!take_here(&other)) return;
    other.connection = config->driver->open(config->driver_config);
    send_one(&other);
    config->driver->close(other.connection);
}

void sender_work_here(struct desk *d) {
    const struct outbox_config *config = d->config;
    struct ctx cx = {.arena = arena_new(), .actor = "run", .lang = "es", .lang_unsaid = true, .company_id = config->env->policy.company_id};
    struct sender s = {.desk = d, .cx = &cx, .connection = config->driver->open(config->driver_config)};
    while (take_here(&s)) send_one(&s);
    config->driver->close(s.connection);
    arena_free(cx.arena);
}
