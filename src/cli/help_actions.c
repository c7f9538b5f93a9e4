/* The declarations as JSON, for tests and generators. */
#include "base/json.h"
#include "cli/help.h"

static void to_file(void *self, Str piece) { fwrite(piece.p, 1, piece.n, self); }

static void put_params(struct json_writer *w, const struct action *a) {
    static const char *const types[] = {[P_TEXT] = "text",         [P_INT] = "int",   [P_DATE] = "date", [P_AMOUNT] = "amount",
                                        [P_CURRENCY] = "currency", [P_FLAG] = "flag", [P_FILE] = "file", [P_CHOICE] = "choice"};
    json_key(w, "params");
    json_array(w);
    for (const struct param *p = a->params; p->name; p++) {
        json_object(w);
        json_put_text(w, "name", p->name);
        json_put_text(w, "type", types[p->type]);
        json_put_bool(w, "required", p->flags & REQUIRED);
        json_put_bool(w, "repeated", p->flags & REPEATED);
        json_put_bool(w, "multiline", p->flags & MULTILINE);
        json_put_bool(w, "long", p->flags & LONG);
        json_put_text(w, "choices", p->choices);
        json_object_end(w);
    }
    json_array_end(w);
}

void help_actions(FILE *out) {
    struct json_text text;
    json_text_init(&text, to_file, out);
    struct json_writer *w = &text.writer;
    json_object(w);
    json_key(w, "items");
    json_array(w);
    for (size_t i = 0; i < action_index_count; i++) {
        const struct action *a = action_index[i];
        json_object(w);
        json_put_text(w, "verb", a->verb);
        json_put_text(w, "path", a->path);
        json_put_text(w, "summary", a->summary);
        json_put_text(w, "needs", capability_name(a->needs));
        json_put_bool(w, "writes", a->tx == TX_WRITE);
        json_put_text(w, "view", a->view);
        json_put_text(w, "form", a->form);
        json_put_bool(w, "edits", a->edits);
        json_put_text(w, "then", a->then);
        json_put_bool(w, "slow", a->is_slow);
        json_put_text(w, "exports", a->exports);
        put_params(w, a);
        json_object_end(w);
    }
    json_array_end(w);
    json_object_end(w);
    json_text_done(&text);
    fputc('\n', out);
}
