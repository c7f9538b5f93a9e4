/* Mails are read back by GMime, which shares no code with the builder. */
#include "base/test.h"

#include <gmime/gmime.h>
#include <string.h>

#include "message/mime.h"

#define EMOJI "\xF0\x9F\x98\x80"

static struct message_envelope sample_envelope(void) {
    return (struct message_envelope){.from_name = S("Insumos Altuvera S.A.S."),
                                     .from_address = S("cartera@altuvera.example"),
                                     .reply_to = S("pagos@altuvera.example"),
                                     .to_name = S("Adriana Gómez"),
                                     .to_address = S("adriana@ovaluna.example"),
                                     .message_id = S("1.42.abc@altuvera.example"),
                                     .language = S("es"),
                                     .date = {INT64_C(1795269600000)},
                                     .zone_offset_minutes = -300,
                                     .unsubscribe_url = S("https://pagos.altuvera.example/u/x1"),
                                     .unsubscribe_mailto = S("baja@altuvera.example"),
                                     .is_reminder = true};
}

static struct message_text sample_text(void) {
    return (struct message_text){
        .subject = S("Factura FV-1 vencida por $ 9.280.000: pague antes del 24 nov 2026, Insumos Altuvera S.A.S."),
        .text = S("Buen día:\n\nLa factura FV-1 venció.\nFrom here on = signs \nend\n"),
        .html = S("<p title=\"x\">Buen día: 1 &lt; 2</p>\n")};
}

struct mail {
    struct ctx cx;
    struct buf bytes;
    GMimeMessage *parsed;
};

static struct mail build(const struct message_envelope *envelope, const struct message_text *text) {
    struct mail mail = {.cx = test_ctx(), .bytes = buf_make(1 << 22)};
    assert_ok(&mail.cx, mime_build(&mail.cx, envelope, text, &mail.bytes));
    g_mime_init();
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(mail.bytes.p, mail.bytes.n);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    mail.parsed = g_mime_parser_construct_message(parser, NULL);
    assert_non_null(mail.parsed);
    g_object_unref(parser);
    g_object_unref(stream);
    return mail;
}

static void mail_done(struct mail *mail) {
    g_object_unref(mail->parsed);
    buf_done(&mail->bytes);
    test_ctx_done(&mail->cx);
}

/* Every line ends in CRLF, is ASCII, and fits. */
static void check_lines(const struct buf *bytes, size_t longest) {
    size_t start = 0;
    for (size_t i = 0; i < bytes->n; i++) {
        if ((unsigned char)bytes->p[i] >= 0x80) fail_msg("byte %zu is not ASCII", i);
        if (bytes->p[i] == '\r') assert_int_equal(bytes->p[i + 1], '\n');
        if (bytes->p[i] != '\n') continue;
        assert_true(i > 0 && bytes->p[i - 1] == '\r');
        if (i - 1 - start > longest) fail_msg("a line of %zu: %.*s", i - 1 - start, (int)(i - start), bytes->p + start);
        start = i + 1;
    }
    assert_int_equal(start, bytes->n);
}

static char *part_text(GMimeObject *part) {
    assert_true(GMIME_IS_TEXT_PART(part));
    return g_mime_text_part_get_text(GMIME_TEXT_PART(part));
}

static void check_part(GMimeObject *part, const char *subtype, const char *expected) {
    assert_string_equal(g_mime_content_type_get_media_subtype(g_mime_object_get_content_type(part)), subtype);
    assert_string_equal(g_mime_content_type_get_parameter(g_mime_object_get_content_type(part), "charset"), "utf-8");
    char *text = part_text(part);
    Str got = str_from(text);
    /* What came as LF leaves as CRLF. */
    GString *lf = g_string_new("");
    for (size_t i = 0; i < got.n; i++)
        if (got.p[i] != '\r') g_string_append_c(lf, got.p[i]);
    assert_string_equal(lf->str, expected);
    g_string_free(lf, TRUE);
    g_free(text);
}

static const char *header(const struct mail *mail, const char *name) {
    return g_mime_object_get_header(GMIME_OBJECT(mail->parsed), name);
}

static void headers_and_parts_come_back(void **state) {
    (void)state;
    struct message_envelope envelope = sample_envelope();
    struct message_text text = sample_text();
    struct mail mail = build(&envelope, &text);
    check_lines(&mail.bytes, 78);
    assert_string_equal(g_mime_message_get_subject(mail.parsed), text.subject.p);
    assert_string_equal(header(&mail, "Message-ID"), "<1.42.abc@altuvera.example>");
    assert_string_equal(header(&mail, "Date"), "Sat, 21 Nov 2026 09:00:00 -0500");
    assert_string_equal(header(&mail, "Auto-Submitted"), "auto-generated");
    /* GMime counts Content-* headers among those of the body. */
    assert_string_equal(g_mime_object_get_header(g_mime_message_get_mime_part(mail.parsed), "Content-Language"), "es");
    assert_string_equal(header(&mail, "List-Unsubscribe"),
                        "<https://pagos.altuvera.example/u/x1>, <mailto:baja@altuvera.example>");
    assert_string_equal(header(&mail, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    assert_null(header(&mail, "In-Reply-To"));
    InternetAddressList *to = g_mime_message_get_to(mail.parsed);
    assert_int_equal(internet_address_list_length(to), 1);
    InternetAddress *only = internet_address_list_get_address(to, 0);
    assert_string_equal(internet_address_get_name(only), "Adriana Gómez");
    assert_string_equal(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(only)), "adriana@ovaluna.example");
    GMimeMultipart *parts = GMIME_MULTIPART(g_mime_message_get_mime_part(mail.parsed));
    assert_int_equal(g_mime_multipart_get_count(parts), 2);
    check_part(g_mime_multipart_get_part(parts, 0), "plain", text.text.p);
    check_part(g_mime_multipart_get_part(parts, 1), "html", text.html.p);
    mail_done(&mail);
}

static void equal_mails_are_equal_bytes(void **state) {
    (void)state;
    struct message_envelope envelope = sample_envelope();
    struct message_text text = sample_text();
    struct mail one = build(&envelope, &text), two = build(&envelope, &text);
    assert_true(str_equal(buf_str(&one.bytes), buf_str(&two.bytes)));
    mail_done(&one);
    mail_done(&two);
}

static void a_thread_is_kept_and_other_mail_has_no_opt_out(void **state) {
    (void)state;
    struct message_envelope envelope = sample_envelope();
    struct message_text text = sample_text();
    envelope.thread_id = S("first@altuvera.example");
    envelope.is_reminder = false;
    envelope.date = (Instant){-1};
    envelope.zone_offset_minutes = 330;
    text.html = S("");
    text.language = S("pt");
    struct mail mail = build(&envelope, &text);
    assert_string_equal(g_mime_object_get_header(g_mime_message_get_mime_part(mail.parsed), "Content-Language"), "pt");
    assert_string_equal(header(&mail, "In-Reply-To"), "<first@altuvera.example>");
    assert_string_equal(header(&mail, "References"), "<first@altuvera.example>");
    assert_string_equal(header(&mail, "Date"), "Thu, 1 Jan 1970 05:29:59 +0530");
    assert_null(header(&mail, "List-Unsubscribe"));
    assert_null(header(&mail, "List-Unsubscribe-Post"));
    check_part(g_mime_message_get_mime_part(mail.parsed), "plain", text.text.p);
    mail_done(&mail);
}

static void hostile_names_stay_names(void **state) {
    (void)state;
    static const struct {
        const char *name, *read_back;
    } cases[] = {
        {"Ana\r\nBcc: all@example.com", "Ana Bcc: all@example.com"},
        {"Ana\nX: y", "Ana X: y"},
        {"\"Ana\" <a@b.example>, \\", "\"Ana\" <a@b.example>, \\"},
        {"O'Brien & Co; (x)", "O'Brien & Co; (x)"},
        {EMOJI " Ñandú, S.A. \"Ágil\"", EMOJI " Ñandú, S.A. \"Ágil\""},
        {"=?UTF-8?Q?evil?=", "=?UTF-8?Q?evil?="},
        {"a\xE2\x80\xAE"
         "gpj.exe",
         "a gpj.exe"},
        {"a\xC2\x85z\x01\x7F", "a z"},
        {"  spaced   out  ", "spaced out"},
        {"日本語の会社名 株式会社 とても長い名前がここに続きます",
         "日本語の会社名 株式会社 とても長い名前がここに続きます"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct message_envelope envelope = sample_envelope();
        struct message_text text = sample_text();
        envelope.to_name = envelope.from_name = text.subject = str_from(cases[i].name);
        struct mail mail = build(&envelope, &text);
        check_lines(&mail.bytes, 78);
        InternetAddressList *to = g_mime_message_get_to(mail.parsed);
        assert_int_equal(internet_address_list_length(to), 1);
        assert_string_equal(internet_address_get_name(internet_address_list_get_address(to, 0)), cases[i].read_back);
        assert_string_equal(g_mime_message_get_subject(mail.parsed), cases[i].read_back);
        assert_null(header(&mail, "Bcc"));
        assert_null(header(&mail, "X"));
        mail_done(&mail);
    }
}

static void endless_names_are_cut(void **state) {
    (void)state;
    static const char *const pieces[] = {"a", "ñ", EMOJI, "ab ", "\""};
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        struct buf name = buf_make(100000);
        for (int n = 0; n < 10000; n++) buf_add_cstr(&name, pieces[i]);
        struct message_envelope envelope = sample_envelope();
        struct message_text text = sample_text();
        envelope.to_name = text.subject = buf_str(&name);
        struct mail mail = build(&envelope, &text);
        check_lines(&mail.bytes, 78);
        const char *subject = g_mime_message_get_subject(mail.parsed);
        assert_true(str_codepoints(str_from(subject)) <= 402);
        assert_true(str_ends(str_from(subject), S("…")));
        assert_string_equal(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(
                                internet_address_list_get_address(g_mime_message_get_to(mail.parsed), 0))),
                            "adriana@ovaluna.example");
        buf_done(&name);
        mail_done(&mail);
    }
}

static void bodies_of_any_kind_come_back(void **state) {
    (void)state;
    struct buf wide = buf_make(100000), long_line = buf_make(100000);
    for (int i = 0; i < 500; i++) buf_add_cstr(&wide, "日本語" EMOJI "\n");
    for (int i = 0; i < 20000; i++) buf_add_char(&long_line, i % 7 ? 'x' : ' ');
    buf_add_char(&long_line, '\n');
    const char *const bodies[] = {
        "", "\n", "a\n", ".\n..\n", "trailing \t\n \n", "tab\tin = side\n", wide.p, long_line.p, "--=_x\nFrom me\n"};
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        struct message_envelope envelope = sample_envelope();
        struct message_text text = sample_text();
        text.text = text.html = str_from(bodies[i]);
        struct mail mail = build(&envelope, &text);
        check_lines(&mail.bytes, 78);
        GMimeObject *part = g_mime_message_get_mime_part(mail.parsed);
        if (text.html.n) part = g_mime_multipart_get_part(GMIME_MULTIPART(part), 0);
        check_part(part, "plain", bodies[i]);
        mail_done(&mail);
    }
    buf_done(&wide);
    buf_done(&long_line);
}

static void addresses_are_one_mailbox(void **state) {
    (void)state;
    static const struct {
        const char *address;
        bool valid;
    } cases[] = {
        {"a@b.example", true},
        {"ana.gomez+cobros@sub.b-c.example", true},
        {"o'brien@b.example", true},
        {"a@localhost", true},
        {"", false},
        {"a", false},
        {"@b.example", false},
        {"a@", false},
        {"a@b..example", false},
        {"a@-b.example", false},
        {".a@b.example", false},
        {"a.@b.example", false},
        {"a..b@b.example", false},
        {"\"a b\"@b.example", false},
        {"a(b)@b.example", false},
        {"a@b.example,c@d.example", false},
        {"a@b.example c", false},
        {"a@b.example\r\nBcc: x@y.example", false},
        {"a@[127.0.0.1]", false},
        {"a@b@c.example", false},
        {"añ@b.example", false},
        {"<a@b.example>", false},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b.example", false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (mime_address_valid(str_from(cases[i].address)) != cases[i].valid) fail_msg("%s", cases[i].address);
}

static void what_could_break_a_header_is_refused(void **state) {
    (void)state;
    struct message_text text = sample_text();
    for (int i = 0; i < 8; i++) {
        struct ctx cx = test_ctx();
        struct buf out = buf_make(100000);
        struct message_envelope e = sample_envelope();
        switch (i) {
        case 0: e.to_address = S("a@b.example\r\nX: y"); break;
        case 1: e.from_address = S("nobody"); break;
        case 2: e.reply_to = S("a@b.example, c@d.example"); break;
        case 3: e.message_id = S("a@b>\r\nX: y"); break;
        case 4: e.thread_id = S("a b@c"); break;
        case 5: e.unsubscribe_url = S("https://x.example/>\r\nX: y"); break;
        case 6: e.language = S("es\r\nX: y"); break;
        default: out.max = 300; break;
        }
        assert_rc(&cx, INVALID, mime_build(&cx, &e, &text, &out));
        buf_done(&out);
        test_ctx_done(&cx);
    }
}

static const struct CMUnitTest mime_tests[] = {
    cmocka_unit_test(headers_and_parts_come_back),
    cmocka_unit_test(equal_mails_are_equal_bytes),
    cmocka_unit_test(a_thread_is_kept_and_other_mail_has_no_opt_out),
    cmocka_unit_test(hostile_names_stay_names),
    cmocka_unit_test(endless_names_are_cut),
    cmocka_unit_test(bodies_of_any_kind_come_back),
    cmocka_unit_test(addresses_are_one_mailbox),
    cmocka_unit_test(what_could_break_a_header_is_refused),
};
const struct test_suite mime_suite = {"mime", mime_tests, COUNT_OF(mime_tests)};
