/* Data files compiled into the binary: messages/, strategies/, rules/, calendars/, documents/, lint/ and the SQL of migrations.
 *
 * The build lists them (tools/mkembed.py); a name is the path from the project's root, "rules/co.yaml". */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include "base/str.h"

struct embedded_file {
    const char *name;
    Str bytes;
};

/* Sorted by name; tools/mkembed.py writes both. */
extern const struct embedded_file embedded_files[];
extern const size_t embedded_file_count;

/* False when there is no such file. */
bool embedded_find(const char *name, Str *out_bytes);

#endif
