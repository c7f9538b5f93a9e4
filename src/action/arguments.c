/* Arguments as JSON and back. */
#include "action/arguments.h"

#include "base/json_tree.h"

Str arguments_text(struct ctx *cx, const struct call *call) {
    const struct param *params = call->action->params;
    AUTO(buf_done) struct buf b = buf_make((size_t)256 * 1024);
    buf_add_char(&b, '{');
    for (size_t i = 0; params[i].name; i++) {
        if (!call->counts[i]) continue;
        buf_printf(&b, "%s\"%s\":[", b.n > 1 ? "," : "", params[i].name);
        for (size_t k = 0; k < call->counts[i]; k++) {
            buf_add_cstr(&b, k ? ",\"" : "\"");
            buf_add_json(&b, call->values[i][k]);
            buf_add_char(&b, '"');
        }
        buf_add_char(&b, ']');
    }
    buf_add_char(&b, '}');
    MUST(buf_ok(&b)); /* 20 parameters of at most 4,000 bytes */
    return arena_str(cx->arena, buf_str(&b));
}

enum rc arguments_read(struct ctx *cx, struct call *call, Str text) {
    const struct value *root;
    TRY(json_parse(cx, text, &root));
    for (const struct value *list = root->child; list; list = list->next)
        for (const struct param *p = call->action->params; p->name; p++) {
            if (!str_is(list->key, p->name)) continue;
            for (const struct value *one = list->child; one; one = one->next) TRY(call_set(cx, call, p, one->text));
        }
    return OK;
}
