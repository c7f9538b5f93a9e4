/* The views of the binary, parsed once. */
#include "web/view.h"

#include "base/embed.h"
#include "web/helpers.h"

#define FOLDER "src/web/views/"
#define SUFFIX ".mustache"
#define VIEWS_MAX 200

static struct loaded {
    Str name;
    const struct mustache *view;
} views[VIEWS_MAX];
static size_t view_count;

enum rc views_load(struct ctx *cx) {
    view_count = 0;
    for (size_t i = 0; i < embedded_file_count; i++) {
        Str name = str_from(embedded_files[i].name);
        if (!str_starts(name, S(FOLDER)) || !str_ends(name, S(SUFFIX))) continue;
        MUST(view_count < VIEWS_MAX);
        TRY(mustache_parse(cx, embedded_files[i].bytes, embedded_files[i].name, &views[view_count].view));
        size_t prefix = sizeof FOLDER - 1, suffix = sizeof SUFFIX - 1;
        views[view_count++].name = (Str){name.p + prefix, name.n - prefix - suffix};
    }
    return OK;
}

static const struct loaded *find(Str name) {
    for (size_t i = 0; i < view_count; i++)
        if (str_equal(views[i].name, name)) return &views[i];
    return NULL;
}

const struct mustache *view_find(Str name) {
    const struct loaded *view = find(name);
    return view ? view->view : NULL;
}

static const struct mustache *partial(void *self, Str name) {
    const struct page_terms *terms = self;
    return str_is(name, "content") ? terms->content : view_find(name);
}

enum rc view_render(struct page_terms *terms, const struct mustache *view, const struct value *root, struct buf *out) {
    struct mustache_options options = {
        .escape = MUSTACHE_HTML, .partial = partial, .helper = page_helper, .self = terms};
    return mustache_render_with(terms->cx, view, root, &options, out);
}
