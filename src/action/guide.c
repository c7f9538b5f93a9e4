/* The user guide: by chapter, or by the page one comes from. */
#include "action/guide.h"

#include <string.h>

#include "action/action.h"

static bool belongs(const struct guide_chapter *c, Str view) {
    for (Str rest = str_from(c->views); rest.p;)
        if (str_equal(str_cut(&rest, ' '), view)) return true;
    return str_is(view, c->name);
}

static enum rc guide_run(struct ctx *cx, struct call *call) {
    const char *language = cx->lang;
    const struct guide_chapter *first = NULL, *chosen = NULL;
    struct json_writer *w = call->out;
    for (size_t i = 0; i < guide_chapter_count; i++) {
        const struct guide_chapter *c = &guide_chapters[i];
        if (strcmp(c->language, language) != 0) continue;
        if (!first) first = c;
        if (!chosen && belongs(c, arg_text(call, "page"))) chosen = c;
    }
    if (!first) return fail(cx, NOT_FOUND, "this build has no guide");
    if (!chosen) chosen = first;
    json_object(w);
    json_put_text(w, "title", chosen->title);
    json_key(w, "chapters");
    json_array(w);
    for (size_t i = 0; i < guide_chapter_count; i++) {
        const struct guide_chapter *c = &guide_chapters[i];
        if (strcmp(c->language, language) != 0) continue;
        json_object(w);
        json_put_text(w, "chapter", c->name);
        json_put_text(w, "title", c->title);
        json_put_bool(w, "chosen", c == chosen);
        json_object_end(w);
    }
    json_array_end(w);
    json_put_text(w, "html", chosen->html);
    json_object_end(w);
    return OK;
}

const struct action guide_action = {
    .verb = "guide",
    .path = "GET /guide/{page}",
    .summary = "A chapter of the user guide",
    .needs = CAP_SELF,
    .tx = TX_NONE,
    .params = PARAMS({"page", P_TEXT, REQUIRED | POSITIONAL, "chapter, or the page it is about", NULL}),
    .run = guide_run,
    .view = "guide",
};

static enum rc guide_first_run(struct ctx *cx, struct call *call) {
    struct call page = *call;
    page.action = &guide_action;
    memset(page.values, 0, sizeof page.values);
    memset(page.counts, 0, sizeof page.counts);
    return guide_run(cx, &page);
}

const struct action guide_first_action = {
    .verb = "guide first",
    .path = "GET /guide",
    .summary = "The user guide from its beginning",
    .needs = CAP_SELF,
    .tx = TX_NONE,
    .params = NO_PARAMS,
    .run = guide_first_run,
    .view = "guide",
};
