/* Words of folded texts, what a query asks for, and where it stands in a text. */
#include "portfolio/finding_words.h"

#include <string.h>

#include "portfolio/finding.h"

#define PHONE_TAIL 8 /* digits that tell one telephone from another, with or without the country in front */

size_t find_letter(Str s, size_t at) {
    char c = s.p[at];
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c)) return 1;
    if ((unsigned char)c < 0x80) return 0;
    size_t end = at;
    uint32_t point = str_next_codepoint(s, &end);
    /* Signs of Latin-1, general punctuation, currencies, arrows and the like are no letters. */
    bool is_sign = point < 0xC0 || (point >= 0x2000 && point < 0x2C00) || point == 0xFFFD;
    return is_sign ? 0 : end - at;
}

bool find_word_next(Str s, size_t *at, Str *out) {
    size_t n;
    while (*at < s.n && find_letter(s, *at) == 0) ++*at;
    size_t start = *at;
    while (*at < s.n && (n = find_letter(s, *at)) > 0) *at += n;
    *out = (Str){s.p + start, *at - start};
    return out->n > 0;
}

bool find_digits_next(Str s, size_t *at, Str *out) {
    while (*at < s.n && !is_digit(s.p[*at])) ++*at;
    size_t start = *at;
    while (*at < s.n && is_digit(s.p[*at])) ++*at;
    while (start + 1 < *at && s.p[start] == '0') start++;
    *out = (Str){s.p + start, *at - start};
    return out->n > 0;
}

Str find_compact(struct arena *arena, Str s) {
    char *out = arena_alloc(arena, s.n + 1);
    size_t n = 0, length;
    for (size_t at = 0; at < s.n; at += length ? length : 1) {
        length = find_letter(s, at);
        memcpy(out + n, s.p + at, length);
        n += length;
    }
    return (Str){out, n};
}

Str find_digits_backwards(struct arena *arena, Str s) {
    char *out = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t at = s.n; at > 0; at--)
        if (is_digit(s.p[at - 1])) out[n++] = s.p[at - 1];
    return (Str){out, n};
}

Str find_word_cut(Str word) {
    if (word.n <= FIND_WORD_MOST) return word;
    size_t n = FIND_WORD_MOST;
    while (n > 0 && ((unsigned char)word.p[n] & 0xC0) == 0x80) n--;
    return (Str){word.p, n};
}

static bool is_phone(Str text) {
    for (size_t i = 0; i < text.n; i++)
        if (!is_digit(text.p[i]) && !strchr("+-(). /", text.p[i])) return false;
    return true;
}

void find_query_read(struct ctx *cx, Str text, struct find_query *out) {
    *out = (struct find_query){.text = str_trim(text)};
    out->folded = str_fold(cx->arena, out->text);
    out->compact = find_word_cut(find_compact(cx->arena, out->folded));
    Str word;
    for (size_t at = 0; out->count < FIND_TOKENS && find_word_next(out->folded, &at, &word);)
        out->tokens[out->count++] = find_word_cut(word);
    for (size_t at = 0; find_digits_next(out->compact, &at, &word);)
        if (word.n > out->number.n) out->number = word;
    if (is_phone(out->text)) out->digits = out->compact;
}

/* ---- where it stands ---- */

/* A text's letters and digits, folded, each with its place in the text. */
struct folding {
    char *bytes;
    size_t n;
    size_t *from, *until; /* by folded byte */
    bool *begins_word, *is_hit;
};

static struct folding fold_with_places(struct ctx *cx, Str text) {
    size_t room = text.n * 2 + 2;
    struct folding f = {.bytes = arena_alloc(cx->arena, room),
                        .from = ARENA_ARRAY(cx->arena, size_t, room),
                        .until = ARENA_ARRAY(cx->arena, size_t, room),
                        .begins_word = ARENA_ARRAY(cx->arena, bool, room),
                        .is_hit = ARENA_ARRAY(cx->arena, bool, room)};
    bool begins = true;
    for (size_t at = 0; at < text.n;) {
        size_t start = at;
        (void)str_next_codepoint(text, &at);
        Str folded = str_fold(cx->arena, (Str){text.p + start, at - start});
        if (folded.n == 0 || find_letter(folded, 0) == 0) {
            begins = true;
            continue;
        }
        for (size_t i = 0; i < folded.n; i++) {
            f.begins_word[f.n] = begins && i == 0;
            f.from[f.n] = start;
            f.until[f.n] = at;
            f.bytes[f.n++] = folded.p[i];
        }
        begins = false;
    }
    return f;
}

/* Marks every place the word stands at; at the beginning of words only, unless `anywhere`. */
static bool mark_word(struct folding *f, Str word, bool anywhere) {
    bool found = false;
    for (size_t at = 0; word.n && at + word.n <= f->n; at++) {
        if ((!anywhere && !f->begins_word[at]) || memcmp(f->bytes + at, word.p, word.n) != 0) continue;
        memset(f->is_hit + at, 1, word.n);
        found = true;
    }
    return found;
}

static bool mark_query(struct folding *f, const struct find_query *q) {
    bool all = q->count > 0;
    for (size_t i = 0; i < q->count; i++) all = (mark_word(f, q->tokens[i], false) || mark_word(f, q->tokens[i], true)) && all;
    if (all) return true;
    Str tail = q->digits.n > PHONE_TAIL ? (Str){q->digits.p + q->digits.n - PHONE_TAIL, PHONE_TAIL} : q->digits;
    return (q->compact.n >= 3 && mark_word(f, q->compact, true)) || (tail.n >= 5 && mark_word(f, tail, true));
}

size_t find_mark(struct ctx *cx, const struct find_query *q, Str text, struct find_piece **out_pieces, bool *out_all) {
    struct folding f = fold_with_places(cx, text);
    VEC_OF(struct find_piece) pieces = {0};
    *out_all = mark_query(&f, q);
    size_t done = 0;
    for (size_t i = 0; i < f.n;) {
        if (!f.is_hit[i]) {
            i++;
            continue;
        }
        size_t last = i;
        while (last + 1 < f.n && f.is_hit[last + 1]) last++;
        size_t from = f.from[i] < done ? done : f.from[i];
        if (from > done) *VEC_PUSH(cx->arena, &pieces) = (struct find_piece){{text.p + done, from - done}, false};
        if (f.until[last] > from) *VEC_PUSH(cx->arena, &pieces) = (struct find_piece){{text.p + from, f.until[last] - from}, true};
        done = f.until[last];
        i = last + 1;
    }
    if (done < text.n) *VEC_PUSH(cx->arena, &pieces) = (struct find_piece){{text.p + done, text.n - done}, false};
    *out_pieces = pieces.items;
    return pieces.count;
}
