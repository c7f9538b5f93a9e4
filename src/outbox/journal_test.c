/* The hand-off journal on real files: numbering, torn ends, several processes, very long files. */
#include "outbox/journal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/test.h"

struct place {
    char folder[64];
    const char *path;
};

static struct place place_new(struct ctx *cx) {
    struct place p = {.folder = "/tmp/aldia-journal-XXXXXX"};
    MUST(mkdtemp(p.folder));
    p.path = arena_cstr(cx->arena, arena_printf(cx->arena, "%s/handoff.journal", p.folder));
    return p;
}

static void place_done(const struct place *p) {
    unlink(p->path);
    rmdir(p->folder);
}

static void append_raw(const struct place *p, const char *text) {
    FILE *out = fopen(p->path, "ae");
    MUST(out);
    fputs(text, out);
    fclose(out);
}

static void write_lines(struct ctx *cx, const struct place *p, int count) {
    struct journal j;
    assert_ok(cx, journal_open(cx, p->path, &j));
    for (int i = 0; i < count; i++)
        journal_add(&j, i % 5 == 4 ? "U" : "T",
                    S("1781013600000 C0001 8aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@x.example F-1:1:d0:0"));
    assert_ok(cx, journal_sync(cx, &j));
    journal_close(&j);
}

static void a_sequence_survives_reopening(void **state) {
    AUTO(test_ctx_done) struct ctx own = test_ctx();
    struct ctx *cx = &own;
    (void)state;
    struct place p = place_new(cx);
    int64_t seq = -1;
    assert_rc(cx, NOT_FOUND, journal_peek(cx, p.path, &seq));
    write_lines(cx, &p, 3);
    write_lines(cx, &p, 2);
    assert_ok(cx, journal_peek(cx, p.path, &seq));
    assert_int_equal(seq, 5);
    place_done(&p);
}

/* A window over the end of a long file begins in the middle of a line, at every possible place of it. */
static void long_files_are_read_from_their_end(void **state) {
    AUTO(test_ctx_done) struct ctx own = test_ctx();
    struct ctx *cx = &own;
    (void)state;
    for (int shift = 0; shift < 110; shift += 7) {
        struct place p = place_new(cx);
        char filler[160];
        snprintf(filler, sizeof filler, "T 1 1781013600000 C%0*d 9@x F-1:1:d0:0\n", shift + 1, 7);
        append_raw(&p, filler);
        write_lines(cx, &p, 900);
        int64_t seq;
        assert_ok(cx, journal_peek(cx, p.path, &seq));
        assert_int_equal(seq, 901);
        place_done(&p);
    }
}

static void a_torn_end_is_cut_off(void **state) {
    AUTO(test_ctx_done) struct ctx own = test_ctx();
    struct ctx *cx = &own;
    (void)state;
    struct place p = place_new(cx);
    write_lines(cx, &p, 2);
    append_raw(&p, "T 3 178101");
    write_lines(cx, &p, 1);
    int64_t seq;
    assert_ok(cx, journal_peek(cx, p.path, &seq));
    assert_int_equal(seq, 3);
    Str text;
    assert_ok(cx, file_read(cx, p.path, 4096, &text));
    assert_false(str_contains(text, S("178101T")));
    place_done(&p);
}

static void a_damaged_end_is_told(void **state) {
    AUTO(test_ctx_done) struct ctx own = test_ctx();
    struct ctx *cx = &own;
    (void)state;
    struct place p = place_new(cx);
    struct journal j;
    write_lines(cx, &p, 2);
    append_raw(&p, "what is this\n");
    assert_rc(cx, INTERNAL, journal_open(cx, p.path, &j));
    place_done(&p);
}

/* Two processes take turns; each goes on from what the other wrote, and from the database when that is ahead. */
static void processes_share_the_numbers(void **state) {
    AUTO(test_ctx_done) struct ctx own = test_ctx();
    struct ctx *cx = &own;
    (void)state;
    struct place p = place_new(cx);
    struct journal a, b;
    assert_ok(cx, journal_open(cx, p.path, &a));
    assert_ok(cx, journal_open(cx, p.path, &b));
    journal_add(&a, "T", S("1 C m F:1:d0:0"));
    assert_ok(cx, journal_sync(cx, &a));
    assert_ok(cx, journal_refresh(cx, &b, 0));
    assert_int_equal(journal_add(&b, "T", S("1 C m F:1:d0:0")), 2);
    assert_ok(cx, journal_sync(cx, &b));
    assert_ok(cx, journal_refresh(cx, &a, 7)); /* somebody committed up to 7 and died before writing */
    assert_int_equal(a.kept, 2);
    assert_int_equal(journal_add(&a, "U", S("m")), 8);
    journal_forget(&a, 7);
    assert_ok(cx, journal_refresh(cx, &a, 1));
    assert_int_equal(a.seq, 2);
    journal_close(&a);
    journal_close(&b);
    place_done(&p);
}

/* On a full disk nothing of the batch stays, and the numbers may be given again. */
static void what_cannot_be_written_is_taken_back(void **state) {
    AUTO(test_ctx_done) struct ctx own = test_ctx();
    struct ctx *cx = &own;
    (void)state;
    struct journal j;
    int64_t seq;
    struct place p = place_new(cx);
    write_lines(cx, &p, 2);
    assert_ok(cx, journal_open(cx, p.path, &j));
    int real = j.fd, full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    MUST(full >= 0);
    j.fd = full;
    journal_add(&j, "T", S("1 C m F:1:d0:0"));
    assert_rc(cx, INTERNAL, journal_sync(cx, &j));
    assert_true(j.lines.n == 0);
    close(full);
    j.fd = real;
    journal_close(&j);
    assert_ok(cx, journal_peek(cx, p.path, &seq));
    assert_int_equal(seq, 2);
    place_done(&p);
}

static const struct CMUnitTest journal_tests[] = {
    cmocka_unit_test(a_sequence_survives_reopening), cmocka_unit_test(long_files_are_read_from_their_end),
    cmocka_unit_test(a_torn_end_is_cut_off),         cmocka_unit_test(a_damaged_end_is_told),
    cmocka_unit_test(processes_share_the_numbers),   cmocka_unit_test(what_cannot_be_written_is_taken_back),
};
const struct test_suite journal_suite = {"journal", journal_tests, COUNT_OF(journal_tests)};
