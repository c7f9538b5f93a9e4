/* Answers: building blocks that every face shares. */
#include <string.h>

#include "web/asset.h"
#include "web/request.h"

void answer_header(struct request *r, const char *name, Str value) {
    fields_add(r->arena, &r->answer.headers, str_from(name), value);
}

void answer_cookie(struct request *r, const char *name, const char *token, int max_age_s) {
    Str age = S("");
    if (max_age_s || !*token) age = arena_printf(r->arena, "; Max-Age=%d", *token ? max_age_s : 0);
    answer_header(r, "Set-Cookie",
                  arena_printf(r->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax%.*s%s", name, token, STR_ARG(age), r->is_secure ? "; Secure" : ""));
}

struct buf *answer_body(struct request *r, size_t max) {
    buf_done(&r->answer.body);
    r->answer.body = buf_make(max);
    return &r->answer.body;
}

bool request_is_api(const struct request *r) { return str_starts(r->path, S("/api/")); }

const char *request_language(const struct request *r) {
    static const char *const known[] = {"es", "en", "pt"};
    for (Str rest = fields_header(&r->headers, "Accept-Language"); rest.p && rest.n;) {
        Str one = str_trim(str_cut(&rest, ','));
        for (size_t i = 0; i < COUNT_OF(known); i++)
            if (one.n >= 2 && str_equal_nocase((Str){one.p, 2}, str_from(known[i]))) return known[i];
    }
    return request_is_api(r) ? NULL : "es";
}

/* Before anybody is known and any view can be drawn: the bare words, looking like the other pages. */
static void put_error_page(struct request *r, struct buf *b, const char *lang, const char *message, const char *hint) {
    const struct asset *style = asset_by_name(S("aldia.css"));
    answer_header(r, "Content-Type", S("text/html; charset=utf-8"));
    buf_printf(b, "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">", lang ? lang : "es");
    buf_add(b, S("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">"));
    buf_printf(b, "<title>%d · aldia</title>", r->answer.status);
    if (style) buf_printf(b, "<link rel=\"stylesheet\" href=\"%s\">", style->path);
    buf_printf(b, "</head>\n<body><main class=\"empty\"><h1>%d</h1>\n<p>", r->answer.status);
    buf_add_html(b, str_from(message));
    buf_add(b, S("</p>\n"));
    if (hint && *hint) {
        buf_add(b, S("<p class=\"sub\">"));
        buf_add_html(b, str_from(hint));
        buf_add(b, S("</p>\n"));
    }
    buf_add(b, S("<a class=\"btn\" href=\"/\">aldia</a></main></body></html>\n"));
}

void answer_error(struct request *r, int status, const char *code, const char *message, const char *hint) {
    struct buf *b = answer_body(r, 65536);
    const char *lang = request_language(r);
    message = phrase_in(lang, message);
    if (hint) hint = phrase_in(lang, hint);
    r->answer.status = status;
    r->answer.fixed = (Str){NULL, 0};
    if (request_is_api(r)) {
        answer_header(r, "Content-Type", S("application/json"));
        buf_printf(b, "{\"error\":{\"code\":\"%s\",\"message\":\"", code);
        buf_add_json(b, str_from(message));
        buf_add(b, S("\",\"field\":\"\",\"hint\":\""));
        buf_add_json(b, str_from(hint));
        buf_add(b, S("\"}}\n"));
        return;
    }
    put_error_page(r, b, lang, message, hint);
}
