/* A streaming JSON writer: results of any size leave without a tree in memory.
 *
 * The writer emits events to a sink: text (the API and --json), or whatever the face wants (the CLI's tables).
 * Misuse (a key outside an object, an end without a beginning) is a bug and stops the program. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"

enum json_event { JSON_OBJECT, JSON_OBJECT_END, JSON_ARRAY, JSON_ARRAY_END, JSON_STRING, JSON_NUMBER, JSON_TRUE, JSON_FALSE, JSON_NULL };

struct json_writer;
/* `key` is empty inside arrays and at the top; `text` is the unescaped string or the number's digits. */
typedef void json_sink(void *self, struct json_writer *w, enum json_event event, Str key, Str text);

#define JSON_MAX_DEPTH 32

struct json_writer {
    json_sink *sink;
    void *self;
    int depth;
    bool in_object[JSON_MAX_DEPTH];
    bool has_items[JSON_MAX_DEPTH];
    Str key; /* the key waiting for its value */
};

/* A writer that emits RFC 8259 text, compact, through `flush`, which gets pieces of at most 64 KiB. */
struct json_text {
    struct json_writer writer;
    struct buf buf;
    void (*flush)(void *self, Str piece);
    void *flush_self;
};
void json_text_init(struct json_text *t, void (*flush)(void *self, Str piece), void *self);
/* Sends what is left and frees the buffer. */
void json_text_done(struct json_text *t);

void json_key(struct json_writer *w, const char *key);
void json_object(struct json_writer *w);
void json_object_end(struct json_writer *w);
void json_array(struct json_writer *w);
void json_array_end(struct json_writer *w);
void json_str(struct json_writer *w, Str value);
void json_i64(struct json_writer *w, int64_t value);
void json_bool(struct json_writer *w, bool value);
void json_null(struct json_writer *w);

/* Key and value in one go. json_put_text writes null for a NULL pointer and json_put_str for a NULL Str.p. */
void json_put_str(struct json_writer *w, const char *key, Str value);
void json_put_text(struct json_writer *w, const char *key, const char *value);
void json_put_i64(struct json_writer *w, const char *key, int64_t value);
void json_put_bool(struct json_writer *w, const char *key, bool value);
void json_put_null(struct json_writer *w, const char *key);

#endif
