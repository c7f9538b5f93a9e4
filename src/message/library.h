/* The parsed library, between library.c (reads it), compose.c and items.c (render it). Private to message/. */
#ifndef MESSAGE_LIBRARY_H
#define MESSAGE_LIBRARY_H

#include "base/mustache.h"
#include "message/audience.h"
#include "message/compose.h"

/* A template in both escapings: literal text, too, differs between HTML and plain text. Indexed by enum
 * mustache_escape. */
struct twin {
    const struct mustache *as[2];
};

/* Where a text came from: later ones stand in the place of earlier ones of the same name. */
enum layer { LAYER_SHIPPED, LAYER_FOLDER, LAYER_COMPANY };

/* A short piece used in many places: {{>name}}. One name may have several, for different readers. */
struct phrase {
    Str name;
    struct audience meant_for;
    enum layer layer;
    struct twin template;
    Str source; /* as written */
};

#define MAX_PARAMETERS 16

struct wording {
    Str kind, variant;
    enum message_form form;
    enum tone tone;
    struct audience meant_for;
    enum layer layer;
    Str path;                                         /* within the library, "es/claim/firm-a.txt" */
    const char *file;                                 /* what complaints call it */
    const struct mustache *subject, *title, *preview; /* plain; NULL where the form has none */
    Str layout;                                       /* e-mails: "layout", "note", "internal" */
    Str template_name;                                /* WhatsApp; may be empty */
    const struct mustache *parameters[MAX_PARAMETERS];
    size_t parameter_count;
    struct twin *paragraphs; /* a call's headings begin with "## "; WhatsApp's are plain text with {{1}} … */
    Str *sources;            /* the paragraphs as written */
    size_t paragraph_count;
};

struct message_language {
    Str code;
    struct phrase *phrases; /* by name, the narrowest meant first */
    size_t phrase_count;
    struct wording *wordings; /* by kind, form, tone, variant; the first that fits a reader is the one */
    size_t wording_count;
};

struct message_library {
    struct message_language *languages;
    size_t language_count;
    struct phrase *shared; /* styles, layouts and their pieces, by name */
    size_t shared_count;
    bool is_own; /* something in it is not shipped */
};

/* For mustache_render: `self` is one of these. */
struct phrase_finder {
    const struct message_library *library;
    const struct message_language *language;
    enum mustache_escape escape;
    struct audience reader;
};
const struct mustache *phrase_find(void *self, Str name);
/* The same phrase as it is written; empty when there is none. */
Str phrase_source(const struct phrase_finder *finder, Str name);

/* The language, or Spanish when it has no wording of the kind; NULL for an unknown kind. */
const struct message_language *library_language(const struct message_library *l, Str code, Str kind);
/* The wording for a reader, by the chain of docs/ref/messages.md; NULL: the kind has none of this form. */
const struct wording *library_wording(const struct message_language *language, Str kind, enum message_form form,
                                      enum tone tone, Str variant, const struct audience *reader);

/* Phrases the program itself asks for, so that every language must have them: the cells of an item's line in the text
 * part, left to right, the word between the last two of several amounts, and what a tax number is called. */
enum own_phrase {
    PHRASE_DOCUMENT,
    PHRASE_ISSUED,
    PHRASE_DUE,
    PHRASE_STATE,
    PHRASE_AND,
    PHRASE_TAX_ID, /* asked for the creditor's country */
    OWN_PHRASES
};
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
    enum layer layer; /* of what is read now */
    struct phrase_list shared;
    struct {
        struct reading_language *items;
        size_t count, capacity;
    } languages;
};
MUST_USE enum rc library_read_file(struct ctx *cx, struct library_reading *r, Str path, const char *name, Str text);

#endif
