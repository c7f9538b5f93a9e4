/* From facts to text: templates of messages/LANG/ merged with formatted values (REQ: D1 D2 D4). */
#ifndef MESSAGE_COMPOSE_H
#define MESSAGE_COMPOSE_H

#include "message/message_types.h"

struct message_library;

/* The embedded library plus overrides from `folder` (NULL: none), parsed once; immutable, shared by threads, in
 * cx->arena. INVALID names file, line and remedy: an unknown merge field, an unclosed section, a missing part. The
 * files: docs/ref/messages.md. */
MUST_USE enum rc message_library_load(struct ctx *cx, const char *folder, const struct message_library **out_library);
/* The wordings of a kind in a language, in order; fallback chain: language, then Spanish; tone, then friendly. Returns
 * the count, at least 1 for known kinds, 0 for others; at most `max` are written. */
size_t message_variants(const struct message_library *l, Str language, Str kind, enum tone tone, Str *out_variants,
                        size_t max);
/* Text and HTML in cx->arena. INVALID for an unknown kind, or when no listed item is left to ask for; NOT_FOUND never:
 * the chain ends at Spanish, friendly, the first variant, and the whole message is in the language found.
 *
 * The facts overrule the kind, so that no text is untrue: a claim (promise_broken, campaign) without an overdue item
 * becomes due_today or due_soon, a notice whose items have all come due becomes due_today or claim. */
MUST_USE enum rc message_compose(struct ctx *cx, const struct message_library *l, const struct message_facts *facts,
                                 struct message_text *out_text);

#endif
