/* Any bytes as a workbook, or as one part of a sound one, which reaches further: the first byte chooses. Reading ends,
 * in the order of the rows, within the limits. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include <zip.h>

#include "intake/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TYPE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
static const char *const parts[] = {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml",
                                    "xl/workbook.xml", "xl/_rels/workbook.xml.rels"};
static const char *const sound[] = {
    "<worksheet><sheetData><row><c t='s'><v>0</v></c><c t='s'><v>1</v></c></row>"
    "<row><c s='1'><v>46347</v></c><c><v>1.5</v></c></row></sheetData></worksheet>",
    "<sst><si><t>a</t></si><si><t>b</t></si></sst>",
    "<styleSheet><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>",
    "<workbook xmlns:r='x'><sheets><sheet name='Uno' r:id='r1'/></sheets></workbook>",
    "<Relationships><Relationship Id='r1' Type='" TYPE "worksheet' Target='worksheets/sheet1.xml'/>"
    "<Relationship Id='s' Type='" TYPE "styles' Target='styles.xml'/>"
    "<Relationship Id='t' Type='" TYPE "sharedStrings' Target='sharedStrings.xml'/></Relationships>",
};

static int make_file(const void *bytes, size_t n, char *path) {
    int fd = memfd_create("fuzz_xlsx", MFD_CLOEXEC);
    MUST(fd >= 0 && write(fd, bytes, n) == (ssize_t)n);
    snprintf(path, 64, "/proc/self/fd/%d", fd);
    return fd;
}

/* A workbook whose part number `which` is ours. */
static int make_book(size_t which, Str text, char *path) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *memory = zip_source_buffer_create(NULL, 0, 0, &error);
    MUST(memory != NULL);
    zip_source_keep(memory);
    zip_t *zip = zip_open_from_source(memory, ZIP_CREATE | ZIP_TRUNCATE, &error);
    MUST(zip != NULL);
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        Str part = i == which ? text : str_from(sound[i]);
        zip_int64_t index = zip_file_add(zip, parts[i], zip_source_buffer(zip, part.p, part.n, 0), 0);
        MUST(index >= 0 && zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0) == 0);
    }
    MUST(zip_close(zip) == 0);
    zip_stat_t st;
    MUST(zip_source_stat(memory, &st) == 0 && zip_source_open(memory) == 0);
    char *bytes = mem_alloc((size_t)st.size);
    MUST(zip_source_read(memory, bytes, st.size) == (zip_int64_t)st.size);
    int fd = make_file(bytes, (size_t)st.size, path);
    mem_free(bytes);
    zip_source_close(memory);
    zip_source_free(memory);
    return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 1) return 0;
    struct ctx cx = {.arena = arena_new()};
    char path[64];
    size_t which = data[0] % (COUNT_OF(parts) + 1);
    Str rest = {(const char *)data + 1, size - 1};
    int fd = which == COUNT_OF(parts) ? make_file(rest.p, rest.n, path) : make_book(which, rest, path);
    struct table *t = NULL;
    if (table_open(&cx, path, NULL, &t) == OK) {
        int64_t last = 0;
        for (bool more = true; more;) {
            struct table_row row;
            enum rc rc = table_next(&cx, t, &row, &more);
            MUST(rc == OK || (rc == INVALID && cx.fault.message[0]));
            if (rc != OK || !more) continue;
            MUST(row.line > last);
            last = row.line;
            for (size_t c = 0; c < table_columns(t); c++) MUST(row.cells[c].p && str_is_utf8(row.cells[c]));
        }
    }
    table_close(&t);
    close(fd);
    arena_free(cx.arena);
    return 0;
}
