/* What mime.c writes is read back; anything else does no harm. */
#include "message/mime_read.h"

#include <stdlib.h>
#include <string.h>

#include "base/test.h"
#include "message/mime.h"

struct sample {
    const char *name, *subject, *text, *html;
};

static const struct sample samples[] = {
    {"plain", "Factura F-1", "Hola:\n\nPague por favor.\n", ""},
    {"accents", "Recordatorio: factura ñ° 7, Álvaro & Cía", "Señor Muñoz:\n= igual, á é í ó ú, fin.\n", "<p>Señor</p>"},
    {"long subject",
     "Por pagar: facturas vencidas hace más de ciento veinte días de la Distribuidora Peña Hermanos y Compañía "
     "Limitada",
     "x\n", "<b>x</b>"},
    {"another script", "催收通知書 二〇二六年",
     "您好:\n\n請付款。\n感謝您。\n您好您好您好您好您好您好您好您好您好您好您好您好您好\n", "<p>您好</p>"},
    {"dots and blanks", "a b", ".\n..\nFrom here \nend   \n", "<p>.</p>"},
    {"no text", "s", "\n", "<p>only html</p>"},
};

static Str build(struct ctx *cx, const struct sample *s, struct buf *out) {
    struct message_text text = {
        .subject = str_from(s->subject), .text = str_from(s->text), .html = str_from(s->html), .language = S("es")};
    struct message_envelope e = {.from_name = S("Ferretería Andina"),
                                 .from_address = S("cobros@acreedor.example"),
                                 .to_name = S("Almacén \"Uno\""),
                                 .to_address = S("pagos@uno.example"),
                                 .message_id = S("abc@acreedor.example"),
                                 .language = S("es"),
                                 .date = cx->now};
    assert_ok(cx, mime_build(cx, &e, &text, out));
    return buf_str(out);
}

static Str header(struct ctx *cx, Str mail, const char *name) {
    for (struct mime_header h; mime_next_header(cx, &mail, &h);)
        if (str_is(h.name, name)) return h.value;
    return S("");
}

static void what_was_written_is_read(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        struct buf out = buf_make(1 << 20);
        Str mail = build(&cx, &samples[i], &out);
        assert_str(header(&cx, mail, "Subject"), samples[i].subject);
        assert_str(header(&cx, mail, "Message-ID"), "<abc@acreedor.example>");
        assert_true(str_contains(header(&cx, mail, "From"), S("Ferretería Andina")));
        Str text = mime_plain_text(&cx, mail);
        if (!str_equal(str_trim(text), str_trim(str_from(samples[i].text))))
            fail_msg("%s: got \"%.*s\"", samples[i].name, STR_ARG(text));
        buf_done(&out);
    }
    test_ctx_done(&cx);
}

/* Any bytes at all: every cut and many flips of a good mail end in some text, within bounds. */
static void damaged_mails_do_no_harm(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct buf out = buf_make(1 << 20);
    Str mail = build(&cx, &samples[1], &out);
    srand(7);
    for (size_t n = 0; n < mail.n; n++) {
        struct arena_mark mark = arena_mark(cx.arena);
        char *copy = mem_alloc(n ? n : 1);
        memcpy(copy, mail.p, n);
        for (int flips = 0; n && flips < 3; flips++) copy[(size_t)rand() % n] = (char)(rand() % 256);
        Str damaged = {copy, n}, rest = damaged;
        for (struct mime_header h; rest.n && mime_next_header(&cx, &rest, &h);) assert_true(h.value.n <= n);
        assert_true(mime_plain_text(&cx, damaged).n <= n);
        mem_free(copy);
        arena_rewind(cx.arena, mark);
    }
    buf_done(&out);
    test_ctx_done(&cx);
}

static const struct CMUnitTest mime_read_tests[] = {cmocka_unit_test(what_was_written_is_read),
                                                    cmocka_unit_test(damaged_mails_do_no_harm)};
const struct test_suite mime_read_suite = {"mime_read", mime_read_tests, COUNT_OF(mime_read_tests)};
