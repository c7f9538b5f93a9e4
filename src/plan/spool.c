/* Blocks, and records that may straddle them: a lane is a stream of bytes, each record led by its length. */
#include "plan/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"

#define BLOCK 16384
#define RECORD_MAX ((size_t)64 * 1024 * 1024)

struct lane {
    char *tail; /* the block being filled; NULL: none yet */
    size_t used;
    int64_t *blocks; /* numbers of those in the file */
    size_t count, room;
};

struct spool {
    int fd;
    int64_t next_block;
    size_t lane_count;
    struct lane lanes[];
};

static int open_unnamed(const char *folder) {
    char path[4096];
    if (snprintf(path, sizeof path, "%s/rehearsal.XXXXXX", folder) >= (int)sizeof path) return -1;
    int fd = mkstemp(path);
    if (fd >= 0) unlink(path);
    return fd;
}

enum rc spool_open(struct ctx *cx, const char *folder, size_t lanes, struct spool **out) {
    const char *system_folder = getenv("TMPDIR");
    int fd = open_unnamed(folder);
    if (fd < 0) fd = open_unnamed(system_folder && *system_folder ? system_folder : "/tmp");
    if (fd < 0) return fail(cx, INTERNAL, "could not make a temporary file in %s: %s", folder, strerror(errno));
    struct spool *s = mem_alloc(sizeof *s + lanes * sizeof s->lanes[0]);
    memset(s, 0, sizeof *s + lanes * sizeof s->lanes[0]);
    s->fd = fd;
    s->lane_count = lanes;
    *out = s;
    return OK;
}

void spool_close(struct spool *s) {
    if (!s) return;
    for (size_t i = 0; i < s->lane_count; i++) {
        mem_free(s->lanes[i].tail);
        mem_free(s->lanes[i].blocks);
    }
    close(s->fd);
    mem_free(s);
}

static enum rc write_block(struct ctx *cx, struct spool *s, struct lane *lane) {
    off_t at = (off_t)s->next_block * BLOCK;
    for (size_t done = 0; done < BLOCK;) {
        ssize_t n = pwrite(s->fd, lane->tail + done, BLOCK - done, at + (off_t)done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return fail(cx, INTERNAL, "could not write a temporary file: %s", strerror(errno));
        done += (size_t)n;
    }
    if (lane->count == lane->room) {
        lane->room = lane->room ? lane->room * 2 : 16;
        lane->blocks = mem_resize(lane->blocks, lane->room * sizeof *lane->blocks);
    }
    lane->blocks[lane->count++] = s->next_block++;
    lane->used = 0;
    return OK;
}

static enum rc add_bytes(struct ctx *cx, struct spool *s, struct lane *lane, const char *p, size_t n) {
    if (!lane->tail) lane->tail = mem_alloc(BLOCK);
    while (n) {
        size_t part = BLOCK - lane->used < n ? BLOCK - lane->used : n;
        memcpy(lane->tail + lane->used, p, part);
        lane->used += part;
        p += part;
        n -= part;
        if (lane->used == BLOCK) TRY(write_block(cx, s, lane));
    }
    return OK;
}

enum rc spool_add(struct ctx *cx, struct spool *s, size_t at, Str record) {
    MUST(at < s->lane_count && record.n <= RECORD_MAX);
    uint32_t length = (uint32_t)record.n;
    TRY(add_bytes(cx, s, &s->lanes[at], (const char *)&length, sizeof length));
    return add_bytes(cx, s, &s->lanes[at], record.p, record.n);
}

struct reader {
    struct spool *spool;
    const struct lane *lane;
    size_t block, at; /* the block in hand, and where in it */
    char bytes[BLOCK];
};

/* The file's blocks one after the other, then the tail. */
static enum rc next_piece(struct ctx *cx, struct reader *r, const char **out_piece, size_t *out_size) {
    const struct lane *lane = r->lane;
    if (r->block >= lane->count) {
        *out_piece = lane->tail + r->at;
        *out_size = lane->used - r->at;
        return OK;
    }
    if (r->at == 0)
        for (size_t done = 0; done < BLOCK;) {
            ssize_t n =
                pread(r->spool->fd, r->bytes + done, BLOCK - done, (off_t)lane->blocks[r->block] * BLOCK + (off_t)done);
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return fail(cx, INTERNAL, "could not read a temporary file: %s", strerror(errno));
            done += (size_t)n;
        }
    *out_piece = r->bytes + r->at;
    *out_size = BLOCK - r->at;
    return OK;
}

static enum rc take_bytes(struct ctx *cx, struct reader *r, char *to, size_t n) {
    while (n) {
        const char *piece = NULL;
        size_t size = 0;
        TRY(next_piece(cx, r, &piece, &size));
        MUST(size > 0);
        size_t part = size < n ? size : n;
        memcpy(to, piece, part);
        to += part;
        n -= part;
        r->at += part;
        if (r->block < r->lane->count && r->at == BLOCK) {
            r->block++;
            r->at = 0;
        }
    }
    return OK;
}

enum rc spool_read(struct ctx *cx, struct spool *s, size_t at, spool_visit *visit, void *self) {
    MUST(at < s->lane_count);
    struct reader r = {.spool = s, .lane = &s->lanes[at]};
    AUTO(buf_done) struct buf record = buf_make(RECORD_MAX);
    while (r.lane->tail && (r.block < r.lane->count || r.at < r.lane->used)) {
        uint32_t length;
        TRY(take_bytes(cx, &r, (char *)&length, sizeof length));
        buf_clear(&record);
        char *room = buf_reserve(&record, length);
        MUST(room);
        TRY(take_bytes(cx, &r, room, length));
        record.n = length;
        TRY(visit(cx, self, buf_str(&record)));
    }
    return OK;
}
