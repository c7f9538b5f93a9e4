/* The writer checks structure and hands events to its sink; the text sink escapes and flushes. */
#include "base/json.h"

#include <stdio.h>

#include "base/ctx.h"

#define PIECE ((size_t)64 * 1024)

static void emit(struct json_writer *w, enum json_event event, Str text) {
    bool closing = event == JSON_OBJECT_END || event == JSON_ARRAY_END;
    if (closing) {
        MUST(w->depth > 0 && w->key.p == NULL);
        MUST(w->in_object[w->depth] == (event == JSON_OBJECT_END));
        w->depth--;
        w->sink(w->self, w, event, S(""), text);
        w->has_items[w->depth] = true;
        return;
    }
    MUST(w->depth == 0 || w->in_object[w->depth] == (w->key.p != NULL));
    Str key = w->key.p ? w->key : S("");
    w->key = (Str){NULL, 0};
    w->sink(w->self, w, event, key, text);
    w->has_items[w->depth] = true;
    if (event == JSON_OBJECT || event == JSON_ARRAY) {
        MUST(w->depth + 1 < JSON_MAX_DEPTH);
        w->depth++;
        w->in_object[w->depth] = event == JSON_OBJECT;
        w->has_items[w->depth] = false;
    }
}

void json_key(struct json_writer *w, const char *key) {
    MUST(w->in_object[w->depth] && w->key.p == NULL);
    w->key = str_from(key);
}

void json_object(struct json_writer *w) { emit(w, JSON_OBJECT, S("")); }
void json_object_end(struct json_writer *w) { emit(w, JSON_OBJECT_END, S("")); }
void json_array(struct json_writer *w) { emit(w, JSON_ARRAY, S("")); }
void json_array_end(struct json_writer *w) { emit(w, JSON_ARRAY_END, S("")); }
void json_str(struct json_writer *w, Str value) { emit(w, JSON_STRING, value); }
void json_bool(struct json_writer *w, bool value) { emit(w, value ? JSON_TRUE : JSON_FALSE, S("")); }
void json_null(struct json_writer *w) { emit(w, JSON_NULL, S("")); }

void json_i64(struct json_writer *w, int64_t value) {
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%lld", (long long)value);
    emit(w, JSON_NUMBER, (Str){digits, (size_t)n});
}

void json_put_str(struct json_writer *w, const char *key, Str value) {
    json_key(w, key);
    if (value.p)
        json_str(w, value);
    else
        json_null(w);
}

void json_put_text(struct json_writer *w, const char *key, const char *value) {
    json_put_str(w, key, value ? str_from(value) : (Str){NULL, 0});
}

void json_put_i64(struct json_writer *w, const char *key, int64_t value) {
    json_key(w, key);
    json_i64(w, value);
}

void json_put_bool(struct json_writer *w, const char *key, bool value) {
    json_key(w, key);
    json_bool(w, value);
}

void json_put_null(struct json_writer *w, const char *key) {
    json_key(w, key);
    json_null(w);
}

static void flush_piece(struct json_text *t) {
    if (t->buf.n) t->flush(t->flush_self, buf_str(&t->buf));
    buf_clear(&t->buf);
}

static void quoted(struct buf *b, Str s) {
    buf_add_char(b, '"');
    buf_add_json(b, s);
    buf_add_char(b, '"');
}

static void text_sink(void *self, struct json_writer *w, enum json_event event, Str key, Str text) {
    struct json_text *t = self;
    struct buf *b = &t->buf;
    if (b->n + text.n * 6 + key.n * 6 + 64 > PIECE) flush_piece(t);
    bool closing = event == JSON_OBJECT_END || event == JSON_ARRAY_END;
    if (!closing && w->has_items[w->depth]) buf_add_char(b, w->depth ? ',' : '\n');
    if (!closing && w->depth && w->in_object[w->depth]) {
        quoted(b, key);
        buf_add_char(b, ':');
    }
    switch (event) {
    case JSON_OBJECT: buf_add_char(b, '{'); break;
    case JSON_OBJECT_END: buf_add_char(b, '}'); break;
    case JSON_ARRAY: buf_add_char(b, '['); break;
    case JSON_ARRAY_END: buf_add_char(b, ']'); break;
    case JSON_STRING: quoted(b, text); break;
    case JSON_NUMBER: buf_add(b, text); break;
    case JSON_TRUE: buf_add(b, S("true")); break;
    case JSON_FALSE: buf_add(b, S("false")); break;
    case JSON_NULL: buf_add(b, S("null")); break;
    }
    MUST(buf_ok(b));
}

void json_text_init(struct json_text *t, void (*flush)(void *self, Str piece), void *self) {
    *t = (struct json_text){.buf = buf_make((size_t)256 * 1024 * 1024), .flush = flush, .flush_self = self};
    t->writer = (struct json_writer){.sink = text_sink, .self = t};
}

void json_text_done(struct json_text *t) {
    flush_piece(t);
    buf_done(&t->buf);
}
