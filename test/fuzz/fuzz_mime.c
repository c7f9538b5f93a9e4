/* Any bytes as names, subject, ids and bodies: what is built is ASCII in CRLF lines, and no value starts a header of
 * its own. */
#include <stddef.h>
#include <stdint.h>

#include "message/mime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_lines(const struct buf *mail) {
    size_t start = 0;
    for (size_t i = 0; i < mail->n; i++) {
        MUST((unsigned char)mail->p[i] < 0x80);
        MUST(mail->p[i] != '\r' || mail->p[i + 1] == '\n');
        if (mail->p[i] != '\n') continue;
        MUST(i > 0 && mail->p[i - 1] == '\r' && i - start <= 999);
        start = i + 1;
    }
    MUST(start == mail->n);
}

/* The field names of the head, in order; folded lines belong to the one before. */
static void check_names(Str mail) {
    static const char *const known[] = {"Date",
                                        "From",
                                        "To",
                                        "Reply-To",
                                        "Subject",
                                        "Message-ID",
                                        "In-Reply-To",
                                        "References",
                                        "Auto-Submitted",
                                        "List-Unsubscribe",
                                        "List-Unsubscribe-Post",
                                        "Content-Language",
                                        "MIME-Version",
                                        "Content-Type",
                                        "Content-Transfer-Encoding"};
    size_t next = 0;
    for (Str rest = mail; rest.p;) {
        Str line = str_cut(&rest, '\n');
        if (str_is(line, "\r")) return;
        if (line.p[0] == ' ') continue;
        Str name = {line.p, str_index(line, ':')};
        while (next < COUNT_OF(known) && !str_is(name, known[next])) next++;
        MUST(next < COUNT_OF(known));
        next++;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct ctx cx = {.arena = arena_new()};
    Str rest = arena_str(cx.arena, (Str){(const char *)data, size});
    /* Half of the inputs have good ids, so that the rest is reached. */
    bool free_ids = size && data[0] % 2;
    struct message_envelope e = {.from_name = str_cut(&rest, '|'),
                                 .to_name = str_cut(&rest, '|'),
                                 .from_address = S("a@b.example"),
                                 .to_address = S("c@d.example"),
                                 .message_id = S("1@b.example"),
                                 .language = S("es"),
                                 .date = {(int64_t)size * 987654321},
                                 .zone_offset_minutes = size % 3 ? -300 : 330,
                                 .is_reminder = true};
    struct message_text text = {.subject = str_cut(&rest, '|')};
    if (free_ids) {
        e.to_address = str_cut(&rest, '|');
        e.message_id = str_cut(&rest, '|');
        e.unsubscribe_url = str_cut(&rest, '|');
        e.language = str_cut(&rest, '|');
    }
    text.text = str_cut(&rest, '|');
    text.html = rest;
    struct buf mail = buf_make(1 << 20);
    if (mime_build(&cx, &e, &text, &mail) == OK) {
        check_lines(&mail);
        check_names(buf_str(&mail));
    }
    buf_done(&mail);
    arena_free(cx.arena);
    return 0;
}
