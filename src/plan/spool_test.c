/* Lanes keep their records, in order, however they straddle the blocks. */
#include "plan/spool.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/test.h"

#define LANES 5
#define RECORDS 3000

struct check {
    uint32_t lane, next;
};

/* Record n of a lane: its number, then bytes that follow from both. */
static size_t fill(char *to, uint32_t lane, uint32_t n) {
    size_t length = (size_t)(n * 7919u + lane * 104729u) % (n % 97 == 0 ? 40000u : 300u);
    memcpy(to, &n, sizeof n);
    for (size_t i = 0; i < length; i++) to[sizeof n + i] = (char)(lane * 31u + n + i);
    return sizeof n + length;
}

static enum rc look(struct ctx *cx, void *self, Str record) {
    (void)cx;
    static char wanted[50000];
    struct check *c = self;
    size_t n = fill(wanted, c->lane, c->next++);
    assert_int_equal(record.n, n);
    assert_memory_equal(record.p, wanted, n);
    return OK;
}

static void records_come_back_in_order(void **state) {
    (void)state;
    static char bytes[50000];
    struct ctx cx = test_ctx();
    struct seeded_random luck = {.state = 11};
    struct spool *spool;
    uint32_t counts[LANES] = {0};
    assert_ok(&cx, spool_open(&cx, "/nowhere/at/all", LANES, &spool)); /* then the system's folder */
    for (int i = 0; i < RECORDS; i++) {
        uint32_t lane = (uint32_t)seeded_below(&luck, LANES - 1); /* the last stays empty */
        size_t n = fill(bytes, lane, counts[lane]++);
        assert_ok(&cx, spool_add(&cx, spool, lane, (Str){bytes, n}));
    }
    for (uint32_t lane = 0; lane < LANES; lane++) {
        struct check c = {.lane = lane};
        assert_ok(&cx, spool_read(&cx, spool, lane, look, &c));
        assert_int_equal(c.next, counts[lane]);
    }
    spool_close(spool);
    spool_close(NULL);
    test_ctx_done(&cx);
}

static const struct CMUnitTest spool_tests[] = {cmocka_unit_test(records_come_back_in_order)};
const struct test_suite spool_suite = {"spool", spool_tests, COUNT_OF(spool_tests)};
