/* The parsed library, between library.c (reads it), compose.c and items.c (render it). Private to message/. */
#ifndef MESSAGE_LIBRARY_H
#define MESSAGE_LIBRARY_H

#include "base/mustache.h"
#include "message/compose.h"

/* A template in both escapings: literal text, too, differs between HTML and plain text. Indexed by enum
 * mustache_escape. */
struct twin {
    const struct mustache *as[2];
};

/* A short piece used in many places: {{>name}}. */
struct phrase {
    Str name;
    struct twin template;
};

struct wording {
    Str kind, variant;
    enum tone tone;
    const char *file;
    const struct mustache *subject, *title, *preview; /* plain */
    struct twin *paragraphs;
    size_t paragraph_count;
};

struct message_language {
    Str code;
    struct phrase *phrases; /* by name */
    size_t phrase_count;
    struct wording *wordings; /* by kind, tone, variant */
    size_t wording_count;
};

struct message_library {
    struct message_language *languages;
    size_t language_count;
    struct phrase *shared; /* styles and pieces of the layouts, by name */
    size_t shared_count;
    const struct mustache *layout[2];
};

/* For mustache_render: `self` is one of these. */
struct phrase_finder {
    const struct message_library *library;
    const struct message_language *language;
    enum mustache_escape escape;
};
const struct mustache *phrase_find(void *self, Str name);

/* The language, or Spanish when it has no wording of the kind; NULL for an unknown kind. */
const struct message_language *library_language(const struct message_library *l, Str code, Str kind);
/* The wording, or its nearest: another variant of the tone, then friendly. */
const struct wording *library_wording(const struct message_language *language, Str kind, enum tone tone, Str variant);

/* Phrases the program itself asks for, so that every language must have them: the cells of an item's line in the text
 * part, left to right, and the word between the last two of several amounts. */
enum own_phrase { PHRASE_DOCUMENT, PHRASE_ISSUED, PHRASE_DUE, PHRASE_STATE, PHRASE_AND, OWN_PHRASES };
extern const char *const own_phrases[OWN_PHRASES];

/* The library while it is read (VEC_PUSH fills the lists); `path` is relative to the library, "es/claim/firm-a.txt",
 * `name` is what complaints call the file. */
struct phrase_list {
    struct phrase *items;
    size_t count, capacity;
};
struct reading_language {
    Str code;
    struct phrase_list phrases;
    struct {
        struct wording *items;
        size_t count, capacity;
    } wordings;
};
struct library_reading {
    struct phrase_list shared;
    struct {
        struct reading_language *items;
        size_t count, capacity;
    } languages;
};
MUST_USE enum rc library_read_file(struct ctx *cx, struct library_reading *r, Str path, const char *name, Str text);

#endif
