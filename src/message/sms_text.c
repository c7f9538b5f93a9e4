/* The alphabet as two lists of code points, and the ways around what it lacks. */
#include "message/sms_text.h"

#include "base/buf.h"

/* Beyond ASCII; within it, everything printable but what stands in `missing` or needs an escape. */
static const uint32_t basic[] = {0xA3,  0xA5,  0xE8,  0xE9,  0xF9,  0xEC,  0xF2,  0xC7,  0xD8,  0xF8, 0xC5, 0xE5, 0x394,
                                 0x3A6, 0x393, 0x39B, 0x3A9, 0x3A0, 0x3A8, 0x3A3, 0x398, 0x39E, 0xC6, 0xE6, 0xDF, 0xC9,
                                 0xA4,  0xA1,  0xC4,  0xD6,  0xD1,  0xDC,  0xA7,  0xBF,  0xE4,  0xF6, 0xF1, 0xFC, 0xE0};
static const uint32_t escaped[] = {'^', '{', '}', '\\', '[', '~', ']', '|', 0x20AC};

static const struct {
    uint32_t from;
    const char *to;
} ways[] = {{0xE1, "a"},     {0xED, "i"},   {0xF3, "o"},   {0xFA, "u"},    {0xC1, "A"},    {0xCD, "I"},   {0xD3, "O"},
            {0xDA, "U"},     {0xE3, "a"},   {0xF5, "o"},   {0xC3, "A"},    {0xD5, "O"},    {0xE2, "a"},   {0xEA, "e"},
            {0xF4, "o"},     {0xC2, "A"},   {0xCA, "E"},   {0xD4, "O"},    {0xE7, "c"},    {0xC0, "A"},   {0xC8, "E"},
            {0xEE, "i"},     {0xFB, "u"},   {0xEF, "i"},   {0xEB, "e"},    {0xAA, "a"},    {0xBA, "o"},   {0x2013, "-"},
            {0x2014, "-"},   {0x2018, "'"}, {0x2019, "'"}, {0x201C, "\""}, {0x201D, "\""}, {0xAB, "\""},  {0xBB, "\""},
            {0x2026, "..."}, {0xA0, " "},   {0x202F, " "}, {'`', "'"},     {0xB4, "'"},    {0x2022, "-"}, {0xB7, "-"}};

static bool among(const uint32_t *list, size_t count, uint32_t c) {
    for (size_t i = 0; i < count; i++)
        if (list[i] == c) return true;
    return false;
}

/* Septets the character takes; 0: it is not of the alphabet. */
static size_t septets(uint32_t c) {
    if (among(escaped, COUNT_OF(escaped), c)) return 2;
    if (c == '\n' || c == '\r' || (c >= ' ' && c < 0x7F && c != '`')) return 1;
    return among(basic, COUNT_OF(basic), c) ? 1 : 0;
}

static size_t parts(size_t units, size_t alone, size_t each) {
    if (units == 0) return 0;
    return units <= alone ? 1 : (units + each - 1) / each;
}

struct sms_size sms_measure(Str text) {
    struct sms_size size = {.is_gsm7 = true};
    size_t wide = 0;
    for (size_t at = 0; at < text.n;) {
        uint32_t c = str_next_codepoint(text, &at);
        size_t n = septets(c);
        if (!n) size.is_gsm7 = false;
        size.units += n;
        wide += c > 0xFFFF ? 2 : 1;
    }
    if (!size.is_gsm7) size.units = wide;
    size.parts = size.is_gsm7 ? parts(size.units, 160, 153) : parts(size.units, 70, 67);
    return size;
}

Str sms_fold(struct arena *arena, Str text) {
    struct buf b = buf_make(text.n * 3 + 16);
    for (size_t at = 0; at < text.n;) {
        size_t from = at, i = 0;
        uint32_t c = str_next_codepoint(text, &at);
        while (i < COUNT_OF(ways) && ways[i].from != c) i++;
        if (!septets(c) && i < COUNT_OF(ways))
            buf_add_cstr(&b, ways[i].to);
        else
            buf_add(&b, (Str){text.p + from, at - from});
    }
    Str folded = arena_str(arena, buf_str(&b));
    buf_done(&b);
    return folded;
}
