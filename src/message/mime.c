/* The e-mail as bytes: headers in a fixed order, then the parts.
 *
 * Everything that comes from outside is either encoded (names, subject, bodies: mime_encode.c) or refused here when it
 * is not exactly what it should be (addresses, ids, URLs, language), so that nothing can start a header of its own. */
#include "message/mime.h"

#include "message/mime_encode.h"

#define ADDRESS_MAX 254
#define LOCAL_PART_MAX 64
#define LABEL_MAX 63
#define URL_MAX 900

static bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* RFC 5322 section 3.2.3, atext but for letters and digits. */
static const Str atom_signs = {"!#$%&'*+-/=?^_`{|}~", 19};

static bool is_local_part(Str s) {
    if (s.n == 0 || s.n > LOCAL_PART_MAX || s.p[0] == '.' || s.p[s.n - 1] == '.') return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '.' && s.p[i - 1] == '.') return false;
        if (s.p[i] != '.' && !is_alphanumeric(s.p[i]) && str_index(atom_signs, s.p[i]) == atom_signs.n) return false;
    }
    return true;
}

static bool is_domain(Str domain) {
    Str rest = domain;
    while (rest.p) {
        Str label = str_cut(&rest, '.');
        if (label.n == 0 || label.n > LABEL_MAX || label.p[0] == '-' || label.p[label.n - 1] == '-') return false;
        for (size_t i = 0; i < label.n; i++)
            if (!is_alphanumeric(label.p[i]) && label.p[i] != '-') return false;
    }
    return true;
}

bool mime_address_valid(Str address) {
    if (address.n > ADDRESS_MAX) return false;
    size_t sign = str_index(address, '@');
    if (sign == address.n) return false;
    return is_local_part((Str){address.p, sign}) && is_domain((Str){address.p + sign + 1, address.n - sign - 1});
}

/* Visible ASCII, none of `forbidden`. */
static bool is_visible(Str s, Str forbidden) {
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] == 0x7F || str_index(forbidden, s.p[i]) < forbidden.n) return false;
    return s.n > 0;
}

static enum rc check_address(struct ctx *cx, const char *field, Str address) {
    if (mime_address_valid(address)) return OK;
    return fail_field(cx, INVALID, field, "give exactly one address like name@example.com", "not a mail address: %.80s",
                      arena_cstr(cx->arena, address));
}

static enum rc check_id(struct ctx *cx, const char *field, Str id) {
    bool good = id.n <= ADDRESS_MAX && is_visible(id, S("<>()\",;\\[]")) && str_index(id, '@') > 0 &&
                str_index(id, '@') < id.n - 1;
    return good ? OK : fail_field(cx, INVALID, field, NULL, "not a message id: %.80s", arena_cstr(cx->arena, id));
}

static enum rc check_url(struct ctx *cx, const char *field, Str url) {
    bool good = url.n <= URL_MAX && is_visible(url, S("<>\",\\"));
    return good ? OK
                : fail_field(cx, INVALID, field, "encode spaces and signs as %XX", "not a URL: %.80s",
                             arena_cstr(cx->arena, url));
}

static enum rc check_language(struct ctx *cx, Str language) {
    bool good = language.n > 0 && language.n <= 16;
    for (size_t i = 0; i < language.n; i++) good = good && (is_alphanumeric(language.p[i]) || language.p[i] == '-');
    return good ? OK
                : fail_field(cx, INVALID, "language", NULL, "not a language tag: %.20s",
                             arena_cstr(cx->arena, language));
}

static Str language_of(const struct message_envelope *e, const struct message_text *text) {
    return text->language.n ? text->language : e->language;
}

static enum rc check_envelope(struct ctx *cx, const struct message_envelope *e) {
    TRY(check_address(cx, "from", e->from_address));
    TRY(check_address(cx, "to", e->to_address));
    if (e->reply_to.n) TRY(check_address(cx, "reply_to", e->reply_to));
    TRY(check_id(cx, "message_id", e->message_id));
    if (e->thread_id.n) TRY(check_id(cx, "thread_id", e->thread_id));
    if (e->unsubscribe_url.n) TRY(check_url(cx, "unsubscribe_url", e->unsubscribe_url));
    if (e->unsubscribe_mailto.n) TRY(check_url(cx, "unsubscribe_mailto", e->unsubscribe_mailto));
    return OK;
}

/* RFC 5322 section 3.3, English whatever the language. */
static void add_date(struct buf *out, Instant t, int offset_minutes) {
    static const char *const weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t local = t.ms + offset_minutes * MS_PER_MINUTE;
    int64_t day = local / MS_PER_DAY - (local % MS_PER_DAY < 0);
    int second = (int)((local - day * MS_PER_DAY) / MS_PER_SECOND);
    Date date = {(int32_t)day};
    int year, month, month_day;
    date_civil(date, &year, &month, &month_day);
    int off = offset_minutes < 0 ? -offset_minutes : offset_minutes;
    buf_printf(out, "Date: %s, %d %s %04d %02d:%02d:%02d %c%02d%02d\r\n", weekdays[date_weekday(date)], month_day,
               months[month - 1], year, second / 3600, second / 60 % 60, second % 60, offset_minutes < 0 ? '-' : '+',
               off / 60, off % 60);
}

/* REQ: C1. One-click needs an https address to post to; a mail address alone is the older way. */
static void add_unsubscribe(struct buf *out, const struct message_envelope *e) {
    if (!e->is_reminder || (!e->unsubscribe_url.n && !e->unsubscribe_mailto.n)) return;
    buf_add(out, S("List-Unsubscribe: "));
    if (e->unsubscribe_url.n) buf_printf(out, "<%.*s>", STR_ARG(e->unsubscribe_url));
    if (e->unsubscribe_url.n && e->unsubscribe_mailto.n) buf_add(out, S(",\r\n "));
    if (e->unsubscribe_mailto.n)
        buf_printf(out, "<%s%.*s>",
                   str_starts(e->unsubscribe_mailto, S("mailto:")) ? "" : "mailto:", STR_ARG(e->unsubscribe_mailto));
    buf_add(out, S("\r\n"));
    if (str_starts(e->unsubscribe_url, S("https://")))
        buf_add(out, S("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
}

static void add_headers(struct ctx *cx, struct buf *out, const struct message_envelope *e,
                        const struct message_text *text) {
    add_date(out, e->date, e->zone_offset_minutes);
    mime_add_mailbox(cx, out, "From", e->from_name, e->from_address);
    mime_add_mailbox(cx, out, "To", e->to_name, e->to_address);
    if (e->reply_to.n) mime_add_mailbox(cx, out, "Reply-To", e->from_name, e->reply_to);
    mime_add_unstructured(cx, out, "Subject", text->subject);
    buf_printf(out, "Message-ID: <%.*s>\r\n", STR_ARG(e->message_id));
    if (e->thread_id.n) {
        buf_printf(out, "In-Reply-To: <%.*s>\r\n", STR_ARG(e->thread_id));
        buf_printf(out, "References: <%.*s>\r\n", STR_ARG(e->thread_id));
    }
    buf_add(out, S("Auto-Submitted: auto-generated\r\n"));
    add_unsubscribe(out, e);
    buf_printf(out, "Content-Language: %.*s\r\n", STR_ARG(language_of(e, text)));
    buf_add(out, S("MIME-Version: 1.0\r\n"));
}

/* "=_" stands in neither quoted-printable nor base64 text, so the boundary cannot occur in a part. */
static Str boundary_for(struct ctx *cx, Str message_id) {
    uint64_t one = str_hash(message_id);
    uint64_t two = str_hash(arena_printf(cx->arena, "%llx %.*s", (unsigned long long)one, STR_ARG(message_id)));
    return arena_printf(cx->arena, "=_%016llx%016llx", (unsigned long long)one, (unsigned long long)two);
}

/* The alternatives, or the text alone. */
static void add_text_parts(struct ctx *cx, struct buf *out, const struct message_envelope *e,
                           const struct message_text *text) {
    if (text->html.n == 0) {
        buf_add(out, S("Content-Type: text/plain; charset=utf-8\r\n"));
        mime_add_body(out, text->text);
        return;
    }
    Str boundary = boundary_for(cx, e->message_id);
    buf_printf(out, "Content-Type: multipart/alternative;\r\n boundary=\"%.*s\"\r\n\r\n", STR_ARG(boundary));
    buf_printf(out, "--%.*s\r\nContent-Type: text/plain; charset=utf-8\r\n", STR_ARG(boundary));
    mime_add_body(out, text->text);
    buf_printf(out, "\r\n--%.*s\r\nContent-Type: text/html; charset=utf-8\r\n", STR_ARG(boundary));
    mime_add_body(out, text->html);
    buf_printf(out, "\r\n--%.*s--\r\n", STR_ARG(boundary));
}

/* A file's name in a header: plain letters as they are, the whole of it once more by RFC 2231 when there are others.
 * Nothing that could end the value or lead to a folder. */
static void add_file_name(struct buf *out, Str name) {
    bool is_plain = true;
    size_t cut = name.n < 120 ? name.n : 120;
    while (cut < name.n && cut > 0 && ((unsigned char)name.p[cut] & 0xC0) == 0x80) cut--;
    name.n = cut;
    buf_add(out, S(" filename=\""));
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool good = is_alphanumeric(c) || c == '.' || c == '-' || c == '_' || c == ' ' || c == '(' || c == ')';
        is_plain = is_plain && good;
        if (((unsigned char)c & 0xC0) != 0x80) buf_add_char(out, good ? c : '_');
    }
    buf_add(out, S("\""));
    if (!is_plain) {
        buf_add(out, S(";\r\n filename*=UTF-8''"));
        buf_add_url(out, name);
    }
    buf_add(out, S("\r\n"));
}

static enum rc add_parts(struct ctx *cx, struct buf *out, const struct message_envelope *e,
                         const struct message_text *text) {
    Str boundary = boundary_for(cx, arena_printf(cx->arena, "parts %.*s", STR_ARG(e->message_id)));
    buf_printf(out, "Content-Type: multipart/mixed;\r\n boundary=\"%.*s\"\r\n\r\n--%.*s\r\n", STR_ARG(boundary),
               STR_ARG(boundary));
    add_text_parts(cx, out, e, text);
    for (size_t i = 0; i < text->part_count; i++) {
        const struct message_part *part = &text->parts[i];
        if (!is_visible(part->media_type, S("\"\\;,")) || part->media_type.n > 60)
            return fail_field(cx, INVALID, "media_type", NULL, "not a media type");
        buf_printf(out, "\r\n--%.*s\r\nContent-Type: %.*s\r\nContent-Disposition: attachment;\r\n", STR_ARG(boundary),
                   STR_ARG(part->media_type));
        add_file_name(out, part->name);
        mime_add_bytes(out, part->bytes);
    }
    buf_printf(out, "\r\n--%.*s--\r\n", STR_ARG(boundary));
    return OK;
}

enum rc mime_build(struct ctx *cx, const struct message_envelope *e, const struct message_text *text, struct buf *out) {
    TRY(check_envelope(cx, e));
    TRY(check_language(cx, language_of(e, text)));
    add_headers(cx, out, e, text);
    if (text->part_count)
        TRY(add_parts(cx, out, e, text));
    else
        add_text_parts(cx, out, e, text);
    if (!buf_ok(out)) return fail(cx, INVALID, "the message is larger than %zu bytes", out->max);
    return OK;
}
