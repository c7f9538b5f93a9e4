/* From facts to text: templates of messages/LANG/ merged with formatted values (REQ: D1 D2 D4). */
#ifndef MESSAGE_COMPOSE_H
#define MESSAGE_COMPOSE_H

#include "message/message_types.h"

struct message_library;

/* A file of a library that lies in no folder: a company's own wording, kept in the database. */
struct library_text {
    Str path; /* "es/claim/firm-a.txt" */
    Str text;
};

/* The embedded library, over it the files of `folder` (NULL: none), over both `texts`; parsed once; immutable, shared
 * by threads, in cx->arena. INVALID names file, line and remedy: an unknown merge field, an unclosed section, a missing
 * part. The files: docs/ref/messages.md. Texts that are not shipped are checked against the merge fields here; the
 * shipped ones by the tests. */
MUST_USE enum rc message_library_load(struct ctx *cx, const char *folder, const struct library_text *texts,
                                      size_t count, const struct message_library **out_library);
/* Everything in it against the merge fields, for every reader it distinguishes. */
MUST_USE enum rc message_library_check(struct ctx *cx, const struct message_library *l);

/* The variants among which a reader's messages take turns, in order; none is missing that the chain would give. Returns
 * the count, 0 for unknown kinds and forms; at most `max` are written. */
size_t message_variants(const struct message_library *l, const struct wording_query *query, Str *out_variants,
                        size_t max);

/* One wording, for lists. */
struct wording_info {
    Str path, language, kind, variant, country, sector, profile;
    enum message_form form;
    enum tone tone;
    bool is_shipped, is_company; /* neither: of the folder */
};
size_t message_wording_count(const struct message_library *l);
struct wording_info message_wording_at(const struct message_library *l, size_t i);

/* The text in its form, in cx->arena. INVALID for an unknown kind, when no listed item is left to ask for, or when what
 * the kind speaks of is missing (message/kind.h); NOT_FOUND when the kind has no text of this form. The chain ends at
 * Spanish, and the whole message is in the language found.
 *
 * The facts overrule the kind, so that no text is untrue: a claim (promise_broken, campaign) without an overdue item
 * becomes due_today or due_soon, a notice whose items have all come due becomes due_today or claim. */
MUST_USE enum rc message_compose(struct ctx *cx, const struct message_library *l, const struct message_facts *facts,
                                 struct message_text *out_text);

#endif
