/* Any bytes as a template, which also serves as its own partial: parsing and rendering end, within limits, without a
 * fault. */
#include <stddef.h>
#include <stdint.h>

#include "base/mustache.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct mustache *itself(void *self, Str name) { return name.n % 2 ? self : NULL; }

static void count_name(void *self, enum mustache_use use, Str name, int line) {
    *(size_t *)self += name.n + (size_t)use;
    MUST(line >= 1);
}

static const struct value *sample(struct arena *arena) {
    struct value_builder root = value_object(arena);
    value_add_text(&root, "x", S("a & <b>\nc"));
    value_add_bool(&root, "t", true);
    struct value_builder list = value_add_list(&root, "l");
    for (int i = 0; i < 3; i++) {
        struct value_builder row = value_add_object(&list, NULL);
        value_add_text(&row, "n", S("1"));
    }
    return root.value;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > 4096) return 0;
    struct ctx cx = {.arena = arena_new()};
    Str source = arena_str(cx.arena, (Str){(const char *)data, size});
    const struct mustache *t = NULL;
    if (mustache_parse(&cx, source, "fuzz", &t) == OK) {
        size_t names = 0;
        mustache_names(t, count_name, &names);
        struct buf out = buf_make(20000);
        const struct value *values = sample(cx.arena);
        enum rc rc = mustache_render(&cx, t, values, names % 2 ? MUSTACHE_HTML : MUSTACHE_PLAIN, itself,
                                     (void *)(uintptr_t)t, &out);
        MUST(rc == OK || cx.fault.code == rc);
        MUST(rc != OK || buf_ok(&out));
        buf_done(&out);
    }
    arena_free(cx.arena);
    return 0;
}
