/* From facts to text: templates of messages/LANG/ merged with formatted values (REQ: D1 D2 D4). */
#ifndef MESSAGE_COMPOSE_H
#define MESSAGE_COMPOSE_H

#include "message/message_types.h"

struct message_library;

/* The embedded library plus overrides from `folder` (NULL: none), parsed once; immutable, shared by threads. INVALID names file, line
 * and remedy: an unknown merge field, an unclosed section, a missing part. */
MUST_USE enum rc message_library_load(struct ctx *cx, const char *folder, const struct message_library **out_library);
/* The wordings of a kind in a language, in order; fallback chain: language, then Spanish. Returns the count, at least 1 for known kinds. */
size_t message_variants(const struct message_library *l, Str language, Str kind, enum tone tone, Str *out_variants, size_t max);
/* Text and HTML in cx->arena. INVALID for an unknown kind; NOT_FOUND never: the chain ends at Spanish, friendly, variant a. */
MUST_USE enum rc message_compose(struct ctx *cx, const struct message_library *l, const struct message_facts *facts,
                                 struct message_text *out_text);

#endif
