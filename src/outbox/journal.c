/* Append, sync, read back. */
#include "outbox/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
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
    return out->sort.n == 1 && str_to_i64(number, &out->seq);
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

/* Where the last whole line ends, and its sequence: from the tail alone. */
static enum rc find_end(struct ctx *cx, struct journal *j) {
    off_t size = lseek(j->fd, 0, SEEK_END);
    if (size < 0) return fail(cx, INTERNAL, "could not read the hand-off journal %s: %s", j->path, strerror(errno));
    size_t tail = size < MAX_LINE ? (size_t)size : MAX_LINE;
    char *text = arena_alloc(cx->arena, tail + 1);
    if (pread(j->fd, text, tail, size - (off_t)tail) != (ssize_t)tail)
        return fail(cx, INTERNAL, "could not read the hand-off journal %s: %s", j->path, strerror(errno));
    size_t end = tail;
    while (end && text[end - 1] != '\n') end--;
    if (end != tail && ftruncate(j->fd, size - (off_t)(tail - end)) != 0)
        return fail(cx, INTERNAL, "could not mend the hand-off journal %s: %s", j->path, strerror(errno));
    size_t start = end ? end - 1 : 0;
    while (start && text[start - 1] != '\n') start--;
    struct line line;
    if (end == 0) return OK;
    if (!line_parse((Str){text + start, end - 1 - start}, &line))
        return fail(cx, INTERNAL, "the hand-off journal %s is damaged", j->path);
    j->seq = line.seq;
    return OK;
}

enum rc journal_open(struct ctx *cx, const char *path, struct journal *out) {
    struct journal j = {
        .fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600), .lines = buf_make(MAX_GATHERED), .path = path};
    if (j.fd < 0) return fail(cx, INTERNAL, "could not open the hand-off journal %s: %s", path, strerror(errno));
    enum rc rc = find_end(cx, &j);
    if (rc != OK)
        journal_close(&j);
    else
        *out = j;
    return rc;
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

enum rc journal_sync(struct ctx *cx, struct journal *j) {
    if (j->lines.n == 0) return OK;
    MUST(buf_ok(&j->lines));
    Str left = buf_str(&j->lines);
    while (left.n) {
        ssize_t done = write(j->fd, left.p, left.n);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return fail(cx, INTERNAL, "could not write the hand-off journal: %s", strerror(errno));
        left = (Str){left.p + done, left.n - (size_t)done};
    }
    if (fdatasync(j->fd) != 0) return fail(cx, INTERNAL, "could not sync the hand-off journal: %s", strerror(errno));
    buf_clear(&j->lines);
    return OK;
}
