/* Any bytes as a CSV file. The first byte chooses encoding and delimiter. Reading ends, lines never go back, whatever
 * is delivered is text, and the mapping of invoices reads it without a fault. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "intake/mapping.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_fields(struct ctx *cx, const struct mapping *m, const struct table_row *row) {
    Currency usd = {0};
    MUST(currency_parse(S("USD"), &usd));
    for (int f = 0; f < (int)m->kind->field_count; f++) {
        Str text;
        Date date;
        Money money;
        bool has;
        int64_t number;
        enum rc rc = mapping_checked_text(cx, m, row, f, &text);
        MUST(rc != OK || !str_has_control(text));
        rc = mapping_date(cx, m, row, f, &date);
        MUST(rc == OK || rc == INVALID);
        rc = mapping_money(cx, m, row, f, usd, &has, &money);
        MUST(rc == OK || rc == INVALID);
        rc = mapping_int(cx, m, row, f, &has, &number);
        MUST(rc == OK || rc == INVALID);
    }
}

static void read_table(struct ctx *cx, struct table *t, const struct mapping *m, size_t size) {
    int64_t last = 0;
    for (size_t calls = 0;; calls++) {
        struct table_row row;
        bool more = false;
        MUST(calls <= size + 2);
        enum rc rc = table_next(cx, t, &row, &more);
        MUST(rc == OK || rc == INVALID);
        MUST(rc == OK || (table_line(t) > 0 && cx->fault.message[0] && str_is_utf8(str_from(cx->fault.field))));
        if (rc != OK) continue;
        if (!more) break;
        MUST(row.line > last);
        last = row.line;
        for (size_t c = 0; c < table_columns(t); c++) MUST(str_is_utf8(row.cells[c]));
        if (m) read_fields(cx, m, &row);
    }
    MUST(table_progress(t) == 1000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const encodings[] = {NULL,           "utf-8",       "utf-16le", "utf-16be",
                                            "windows-1252", "iso-8859-15", "cp850"};
    static const char delimiters[] = {0, ',', ';', '\t', '|'};
    if (size < 1) return 0;
    struct table_options options = {.encoding = encodings[data[0] % 7], .delimiter = delimiters[data[0] / 7 % 5]};
    struct ctx cx = {.arena = arena_new()};
    char path[64];
    int fd = memfd_create("fuzz_csv", MFD_CLOEXEC);
    MUST(fd >= 0 && write(fd, data + 1, size - 1) == (ssize_t)(size - 1));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct table *t = NULL;
    struct mapping m;
    struct mapping_options keep = {.allow_unknown = true};
    bool mapped = mapping_detect(&cx, path, &options, &import_invoices, &keep, &m) == OK;
    if (table_open(&cx, path, &options, &t) == OK) read_table(&cx, t, mapped ? &m : NULL, size);
    table_close(&t);
    close(fd);
    arena_free(cx.arena);
    return 0;
}
