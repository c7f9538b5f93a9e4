/* Plain text: collapsing, wrapping, aligning. Widths are counted in code points. */
#include "message/plain.h"

#include <string.h>

static const Str nbsp = {NBSP, 2};
static const Str gap = {NBSP NBSP NBSP, 6};

static bool is_blank(char c) { return (unsigned char)c <= ' ' || c == 0x7F; }

Str plain_line(struct arena *arena, Str s) {
    bool clean = s.n == 0 || (!is_blank(s.p[0]) && !is_blank(s.p[s.n - 1]));
    for (size_t i = 0; i + 1 < s.n && clean; i++) clean = !is_blank(s.p[i]) || (s.p[i] == ' ' && !is_blank(s.p[i + 1]));
    if (clean) return s;
    char *out = arena_alloc(arena, s.n);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (!is_blank(s.p[i]))
            out[n++] = s.p[i];
        else if (n && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    if (n && out[n - 1] == ' ') n--;
    return (Str){out, n};
}

Str plain_unbroken(struct arena *arena, Str s) {
    struct buf b = buf_make(sizeof NBSP * s.n + 1);
    for (size_t i = 0; i < s.n; i++) buf_add(&b, s.p[i] == ' ' ? nbsp : (Str){s.p + i, 1});
    Str line = arena_str(arena, buf_str(&b));
    buf_done(&b);
    return line;
}

static bool at_nbsp(Str s, size_t i) { return i + 1 < s.n && s.p[i] == nbsp.p[0] && s.p[i + 1] == nbsp.p[1]; }

Str plain_spaces(struct arena *arena, Str s) {
    if (!str_contains(s, nbsp)) return s;
    char *out = arena_alloc(arena, s.n);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        bool here = at_nbsp(s, i);
        out[n++] = here ? ' ' : s.p[i];
        i += here;
    }
    return (Str){out, n};
}

/* How many bytes of the line fit; the rest starts after the space there. */
static size_t break_at(Str line) {
    size_t columns = 0, last_space = 0;
    for (size_t i = 0; i < line.n; i++) {
        if (line.p[i] == ' ') last_space = i;
        columns += ((unsigned char)line.p[i] & 0xC0) != 0x80;
        if (columns <= PLAIN_COLUMNS) continue;
        /* A word too long for a line stays whole: the break comes after it. */
        if (last_space) return last_space;
        while (i < line.n && line.p[i] != ' ') i++;
        return i;
    }
    return line.n;
}

static Str trim_right(Str s) {
    while (s.n && is_blank(s.p[s.n - 1])) s.n--;
    return s;
}

Str plain_finish(struct arena *arena, Str s) {
    /* Never longer than the source: a break replaces a space; one end of line may be added. */
    char *out = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    bool blank_waits = false;
    for (Str rest = s; rest.p;) {
        Str line = trim_right(str_cut(&rest, '\n'));
        if (line.n == 0) {
            blank_waits = n > 0;
            continue;
        }
        if (blank_waits) out[n++] = '\n';
        blank_waits = false;
        while (line.n) {
            size_t fits = break_at(line);
            Str piece = trim_right((Str){line.p, fits});
            memcpy(out + n, piece.p, piece.n);
            n += piece.n;
            out[n++] = '\n';
            size_t next = fits;
            while (next < line.n && line.p[next] == ' ') next++;
            line = (Str){line.p + next, line.n - next};
        }
    }
    return plain_spaces(arena, (Str){out, n});
}

static size_t padding(size_t width, Str cell) { return width - str_codepoints(cell); }

static void add_padding(struct buf *b, size_t count) {
    while (count--) buf_add(b, nbsp);
}

/* A cell's own spaces must not break either. */
static void add_cell(struct buf *b, Str cell) {
    for (size_t i = 0; i < cell.n; i++) {
        if (cell.p[i] == ' ')
            buf_add(b, nbsp);
        else
            buf_add_char(b, cell.p[i]);
    }
}

void plain_rows(struct arena *arena, Str (*cells)[ROW_CELLS], size_t count, Str *out_rows) {
    size_t widths[ROW_CELLS] = {0};
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < ROW_CELLS; k++) {
            size_t width = str_codepoints(cells[i][k]);
            if (width > widths[k]) widths[k] = width;
        }
    struct buf b = buf_make((size_t)1 << 20);
    for (size_t i = 0; i < count; i++) {
        buf_clear(&b);
        for (size_t k = 0; k < ROW_CELLS; k++) {
            if (widths[k] == 0) continue;
            bool right = k >= ROW_CELLS - 2;
            if (b.n) buf_add(&b, gap);
            if (right) add_padding(&b, padding(widths[k], cells[i][k]));
            add_cell(&b, cells[i][k]);
            if (!right) add_padding(&b, padding(widths[k], cells[i][k]));
        }
        out_rows[i] = arena_str(arena, buf_str(&b));
    }
    buf_done(&b);
}
