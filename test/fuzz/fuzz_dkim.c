/* Any bytes as a message to sign: the header that comes out is well formed, and what relays may do to the end of a body
 * changes nothing in the signature. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "channel/dkim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Made for this, used for nothing else. */
static const char pem[] = "-----BEGIN PRIVATE KEY-----\n"
                          "MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n"
                          "-----END PRIVATE KEY-----\n";

static struct dkim_key *load_key(struct ctx *cx) {
    char path[] = "/tmp/aldia-fuzz-dkim-XXXXXX";
    int fd = mkstemp(path);
    MUST(fd >= 0 && write(fd, pem, sizeof pem - 1) == (ssize_t)sizeof pem - 1);
    close(fd);
    struct dkim_key *key = NULL;
    MUST(dkim_key_load(cx, path, S("acreedor.test"), S("s"), &key) == OK);
    unlink(path);
    return key;
}

static void check_lines(Str header) {
    MUST(str_starts(header, S("DKIM-Signature: ")) && str_ends(header, S("\r\n")));
    for (Str rest = {header.p, header.n - 2}; rest.p;) {
        Str line = str_cut(&rest, '\n');
        MUST(line.n <= 79 && line.n > 1);
        MUST(!rest.p || (line.p[line.n - 1] == '\r' && (rest.p[0] == '\t' || rest.p[0] == ' ')));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct dkim_key *key;
    struct ctx cx = {.arena = arena_new()};
    if (!key) key = load_key(&cx);
    struct buf message = buf_make(1 << 20), first = buf_make(1 << 20), second = buf_make(1 << 20);
    buf_add(&message, (Str){(const char *)data, size});
    enum rc rc = dkim_sign(&cx, key, buf_str(&message), (Instant){1000}, &first);
    if (rc == OK) {
        check_lines(buf_str(&first));
        bool ends_line = str_ends(buf_str(&message), S("\r\n"));
        if (memmem(message.p, message.n, "\r\n\r\n", 4)) {
            buf_add(&message, ends_line ? S(" \t\r\n\r\n\r\n") : S(" \r\n\r\n"));
            rc = dkim_sign(&cx, key, buf_str(&message), (Instant){1000}, &second);
            /* A lone CR at the end joins the line feed that follows it. */
            MUST(rc == OK && (str_equal(buf_str(&first), buf_str(&second)) || data[size - 1] == '\r'));
        }
    } else {
        MUST(rc == INVALID && first.n == 0);
    }
    buf_done(&message);
    buf_done(&first);
    buf_done(&second);
    arena_free(cx.arena);
    return 0;
}
