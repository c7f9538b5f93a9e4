/* Server-sent events: what one person does appears for the other.
 *
 * A browser keeps GET /events?customer=CODE open and hears, as it happens in its company:
 *
 *     change     {"seq":N}                             something was recorded; N counts the company's events
 *     customer   {"seq":N,"kind":"…","actor":"…"}      the same, about the customer it looks at
 *                                                      (both empty when too much happened at once to say what)
 *     presence   {"people":[{"login","name"}]}         who looks at that customer, itself included
 *     progress   {"verb","what","done","total"}        of long work it started itself
 *
 * Customers are told of only to who asked for that one and may see it; `change` tells that something was done in the company, never to whom.
 * A stream ends a few seconds after its session ended, its person was disabled or the customer left what they see; a person's eleventh ends
 * the oldest. The hub's thread reads the timeline once a second for all;
 * nothing is lost by missing an event: the page is read anew. */
#ifndef WEB_EVENTS_H
#define WEB_EVENTS_H

#include "web/exchange.h"

MUST_USE enum rc hub_start(struct ctx *cx, struct server *s);
/* Ends every stream; then none is opened any more. */
void hub_end_streams(struct server *s);
void hub_stop(struct server *s);

/* Answers GET /events. */
void events_answer(struct exchange *x);
/* For the network thread: the response that reads from a stream and frees it at its end. */
struct MHD_Response *stream_response(struct stream *stream);
/* Tells the pages of one user how far something is. */
void hub_progress(struct server *s, int64_t company_id, int64_t user_id, Str data);
size_t hub_streams(struct server *s);

#endif
