/* Append, sync, read back. */
#include "outbox/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_GATHERED ((size_t)16 * 1024 * 1024)
#define MAX_LINE 65536

struct line {
    Str sort, rest;
    int64_t seq;
};

static bool line_parse(Str text, struct line *out) {
    Str rest = text;
    out->sort = str_cut(&rest, ' ');
    Str number = rest.p ? str_cut(&rest, ' ') : S("");
    out->rest = rest.p ? rest : S("");
    bool known = str_is(out->sort, "T") || str_is(out->sort, "U");
    return known && str_to_i64(number, &out->seq) && out->seq > 0;
}

enum rc journal_read(struct ctx *cx, const char *path, int64_t after, journal_visit *visit, void *self) {
    FILE *in = fopen(path, "re");
    if (!in && errno == ENOENT) return OK;
    if (!in) return fail(cx, INTERNAL, "could not read the hand-off journal %s: %s", path, strerror(errno));
    char *text = arena_alloc(cx->arena, MAX_LINE);
    enum rc rc = OK;
    while (rc == OK && fgets(text, MAX_LINE, in)) {
        struct line line;
        size_t n = strlen(text);
        bool whole = n && text[n - 1] == '\n' && line_parse((Str){text, n - 1}, &line);
        if (whole && line.seq > after) rc = visit(cx, self, line.sort, line.seq, line.rest);
    }
    fclose(in);
    return rc;
}

static enum rc fault(struct ctx *cx, const struct journal *j, SAYS const char *what) {
    return fail_field(cx, INTERNAL, NULL, "nothing is sent without the journal: check the disk and who may write there",
                      "%s %s: %s", phrase(cx, what), j->path, strerror(errno));
}

/* The highest of whole lines: two processes may write theirs in the other order. False when the last is no line. */
static bool last_sequence(Str text, int64_t *out) {
    struct line line;
    bool good = false;
    *out = 0;
    text.n--;
    while (text.p) {
        good = line_parse(str_cut(&text, '\n'), &line);
        if (good && line.seq > *out) *out = line.seq;
    }
    return good;
}

/* Where the last whole line ends, and its sequence: from the tail alone. */
static enum rc find_end(struct ctx *cx, struct journal *j, off_t *out_end) {
    off_t size = lseek(j->fd, 0, SEEK_END);
    if (size < 0) return fault(cx, j, "could not read the hand-off journal");
    size_t tail = size < MAX_LINE ? (size_t)size : MAX_LINE;
    struct arena_mark mark = arena_mark(cx->arena);
    char *text = arena_alloc(cx->arena, tail + 1);
    if (pread(j->fd, text, tail, size - (off_t)tail) != (ssize_t)tail) return fault(cx, j, "could not read the hand-off journal");
    size_t end = tail;
    while (end && text[end - 1] != '\n') end--;
    int64_t last;
    size_t start = 0; /* what begins before the window is no whole line */
    if (size > (off_t)tail)
        while (start < end && text[start++] != '\n') continue;
    if (end != 0 && !last_sequence((Str){text + start, end - start}, &last))
        return fail_field(cx, INTERNAL, NULL,
                          "mend or remove its last line; or move it away and run aldia instance confirm",
                          "the hand-off journal %s is damaged", j->path);
    arena_rewind(cx->arena, mark);
    j->kept = end ? last : 0;
    j->size = size - (off_t)(tail - end);
    *out_end = j->size;
    return OK;
}

/* Others may be in the middle of a line: what looks torn is only so under the lock. */
static enum rc mend(struct ctx *cx, struct journal *j) {
    off_t end;
    if (flock(j->fd, LOCK_EX) != 0) return fault(cx, j, "could not lock the hand-off journal");
    enum rc rc = find_end(cx, j, &end);
    if (rc == OK && lseek(j->fd, 0, SEEK_END) != end && ftruncate(j->fd, end) != 0) rc = fault(cx, j, "could not mend the hand-off journal");
    flock(j->fd, LOCK_UN);
    return rc;
}

enum rc journal_open(struct ctx *cx, const char *path, struct journal *out) {
    struct journal j = {
        .fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600), .lines = buf_make(MAX_GATHERED), .path = path};
    if (j.fd < 0) return fault(cx, &j, "could not open the hand-off journal");
    enum rc rc = mend(cx, &j);
    j.seq = j.kept;
    if (rc != OK)
        journal_close(&j);
    else
        *out = j;
    return rc;
}

enum rc journal_peek(struct ctx *cx, const char *path, int64_t *out_seq) {
    struct journal j = {.fd = open(path, O_RDONLY | O_CLOEXEC), .path = path};
    off_t end;
    if (j.fd < 0 && errno == ENOENT) return fail(cx, NOT_FOUND, "there is no hand-off journal %s", path);
    if (j.fd < 0) return fault(cx, &j, "could not read the hand-off journal");
    enum rc rc = find_end(cx, &j, &end);
    close(j.fd);
    TRY(rc);
    *out_seq = j.kept;
    return OK;
}

enum rc journal_refresh(struct ctx *cx, struct journal *j, int64_t at_least) {
    MUST(j->lines.n == 0);
    struct stat st;
    off_t end;
    if (fstat(j->fd, &st) != 0) return fault(cx, j, "could not read the hand-off journal");
    if (st.st_size != j->size) TRY(find_end(cx, j, &end));
    j->seq = j->kept > at_least ? j->kept : at_least;
    return OK;
}

void journal_close(struct journal *j) {
    if (j->fd >= 0) close(j->fd);
    j->fd = -1;
    buf_done(&j->lines);
}

int64_t journal_add(struct journal *j, const char *sort, Str rest) {
    j->seq++;
    buf_printf(&j->lines, "%s %lld %.*s\n", sort, (long long)j->seq, STR_ARG(rest));
    return j->seq;
}

void journal_forget(struct journal *j, int64_t seq_before) {
    j->seq = seq_before;
    buf_clear(&j->lines);
}

static enum rc append(struct ctx *cx, const struct journal *j, Str left) {
    while (left.n) {
        ssize_t done = write(j->fd, left.p, left.n);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return fault(cx, j, "could not write the hand-off journal");
        left = (Str){left.p + done, left.n - (size_t)done};
    }
    return j->is_relaxed || fdatasync(j->fd) == 0 ? OK : fault(cx, j, "could not sync the hand-off journal");
}

enum rc journal_sync(struct ctx *cx, struct journal *j) {
    if (j->lines.n == 0) return OK;
    MUST(buf_ok(&j->lines));
    if (flock(j->fd, LOCK_EX) != 0) return fault(cx, j, "could not lock the hand-off journal");
    off_t before = lseek(j->fd, 0, SEEK_END);
    enum rc rc = append(cx, j, buf_str(&j->lines));
    if (rc != OK && before >= 0 && ftruncate(j->fd, before) == 0) fdatasync(j->fd);
    if (rc == OK && before == j->size) { /* nobody else wrote meanwhile */
        j->kept = j->seq;
        j->size = before + (off_t)j->lines.n;
    }
    flock(j->fd, LOCK_UN);
    buf_clear(&j->lines);
    return rc;
}
