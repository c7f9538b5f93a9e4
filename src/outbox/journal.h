/* The hand-off journal: a file beside the database that remembers, outside it, what was handed over (INV: I15,
 * interfaces.md 7 "Instance").
 *
 * A database that is older than its journal is a restored or exchanged one: it sends nothing until a person confirms,
 * and then what the journal knows is marked as sent. Lines: "T SEQ HANDED-AT-MS COMPANY/CUSTOMER MESSAGE-ID
 * NUMBER:POSITION:STEP:OCCURRENCE…" for a T (codes and numbers percent-encoded), "U SEQ MESSAGE-ID" for one that surely
 * did not leave. Lines written before there were several companies have CUSTOMER alone: they are the first company's. */
#ifndef OUTBOX_JOURNAL_H
#define OUTBOX_JOURNAL_H

#include "base/buf.h"
#include "base/ctx.h"

#define JOURNAL_LINE_MAX ((size_t)32000)

struct journal {
    int fd;
    int64_t seq;      /* last sequence given out */
    int64_t kept;     /* last sequence known to be in the file, whoever wrote it */
    int64_t size;     /* of the file, when that was looked up */
    struct buf lines; /* gathered for the next sync */
    const char *path;
    bool is_relaxed; /* does not wait for the disk */
};

/* Opens for appending, making it if need be, and finds the last sequence. A torn last line (power loss) is cut off. */
MUST_USE enum rc journal_open(struct ctx *cx, const char *path, struct journal *out_journal);
/* The last sequence of a journal, which is neither made nor mended. NOT_FOUND. */
MUST_USE enum rc journal_peek(struct ctx *cx, const char *path, int64_t *out_seq);
/* Takes notice of what other processes wrote since, and goes on numbering from `at_least` if that is more. Within the
 * writing transaction, so that numbers are given out once. */
MUST_USE enum rc journal_refresh(struct ctx *cx, struct journal *j, int64_t at_least);
void journal_close(struct journal *j);
/* Gathers a line under the next sequence, which it returns. */
int64_t journal_add(struct journal *j, const char *sort, Str rest);
/* Forgets what was gathered (the transaction was rolled back). */
void journal_forget(struct journal *j, int64_t seq_before);
/* Writes and syncs what was gathered. INTERNAL: the caller must not let the bodies leave; what could be taken back of
 * the lines was, and nothing is gathered any more. */
MUST_USE enum rc journal_sync(struct ctx *cx, struct journal *j);

typedef enum rc journal_visit(struct ctx *cx, void *self, Str sort, int64_t seq, Str rest);
/* Every line with a sequence greater than `after`, in order. */
MUST_USE enum rc journal_read(struct ctx *cx, const char *path, int64_t after, journal_visit *visit, void *self);

#endif
