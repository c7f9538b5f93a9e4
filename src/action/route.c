/* From a method and a path to the action that declares it. */
#include <string.h>

#include "action/action.h"

static const struct {
    const char *name;
    unsigned bit;
} methods[] = {{"GET", 1}, {"POST", 2}, {"PUT", 4}, {"DELETE", 8}};

static bool is_name(Str segment) { return segment.n > 2 && segment.p[0] == '{' && segment.p[segment.n - 1] == '}'; }

/* Two routes of three begin with another letter: told without cutting them up. */
static bool may_match(Str pattern, Str path) {
    return pattern.n < 2 || path.n < 2 || pattern.p[1] == path.p[1] || pattern.p[1] == '{';
}

/* Whether the path has the pattern's shape; *out_literal counts the segments that are the same letter by letter. */
static bool matches(Str pattern, Str path, struct path_match *match, int *out_literal) {
    *out_literal = 0;
    match->count = 0;
    while (pattern.p && path.p) {
        Str want = str_cut(&pattern, '/'), got = str_cut(&path, '/');
        if (is_name(want) && got.n && match->count < PATH_PARAMS_MAX) {
            match->names[match->count] = (Str){want.p + 1, want.n - 2};
            match->values[match->count++] = got;
        } else if (str_equal(want, got)) {
            ++*out_literal;
        } else {
            return false;
        }
    }
    return !pattern.p && !path.p;
}

const struct action *action_route(Str method, Str path, struct path_match *out_match) {
    const struct action *best = NULL;
    int best_literal = -1;
    unsigned known = 0;
    for (size_t i = 0; i < action_index_count; i++) {
        const struct action *a = action_index[i];
        struct path_match match = {.count = 0};
        int literal;
        if (!a->path) continue;
        Str pattern = str_from(a->path), verb = str_cut(&pattern, ' ');
        if (!may_match(pattern, path) || !matches(pattern, path, &match, &literal)) continue;
        for (size_t m = 0; m < COUNT_OF(methods); m++)
            if (str_is(verb, methods[m].name)) known |= methods[m].bit;
        if (!str_equal(verb, method) || literal <= best_literal) continue;
        best = a;
        best_literal = literal;
        *out_match = match;
    }
    out_match->methods = known;
    return best;
}
