/* /etc/machine-id, the boot id, and the start time of a process tell processes apart even when numbers come round
 * again. */
#include "outbox/claim.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

static Str first_line(struct ctx *cx, const char *path) {
    struct fault before = cx->fault;
    Str text;
    if (file_read(cx, path, 4096, &text) != OK) {
        cx->fault = before;
        return S("none");
    }
    return str_trim(str_cut(&text, '\n'));
}

/* Field 22 of /proc/PID/stat, counted behind the name in parentheses, which may hold anything. Empty when there is no
 * such process. */
static Str start_of(struct ctx *cx, int64_t pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%lld/stat", (long long)pid);
    Str line = first_line(cx, path);
    size_t close = line.n;
    while (close && line.p[close - 1] != ')') close--;
    if (close == 0) return S("");
    Str rest = {line.p + close, line.n - close};
    Str field = S("");
    for (int i = 0; i < 21 && rest.p; i++) field = str_cut(&rest, ' ');
    return field;
}

Str claimer_self(struct ctx *cx) {
    int64_t pid = getpid();
    return arena_printf(cx->arena, "%.*s:%.*s:%lld:%.*s", STR_ARG(first_line(cx, "/etc/machine-id")),
                        STR_ARG(first_line(cx, "/proc/sys/kernel/random/boot_id")), (long long)pid,
                        STR_ARG(start_of(cx, pid)));
}

bool claimer_is_dead(struct ctx *cx, Str claimer) {
    Str rest = claimer, machine = str_cut(&rest, ':'), boot = str_cut(&rest, ':'), number = str_cut(&rest, ':');
    int64_t pid;
    if (!str_equal(machine, first_line(cx, "/etc/machine-id"))) return false;
    if (!str_equal(boot, first_line(cx, "/proc/sys/kernel/random/boot_id"))) return true;
    if (!str_to_i64(number, &pid)) return true;
    return !str_equal(start_of(cx, pid), rest);
}
