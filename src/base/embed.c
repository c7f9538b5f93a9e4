/* Look-up in the generated table. */
#include "base/embed.h"

#include <string.h>

bool embedded_find(const char *name, Str *out_bytes) {
    size_t low = 0, high = embedded_file_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(name, embedded_files[middle].name);
        if (order == 0) {
            *out_bytes = embedded_files[middle].bytes;
            return true;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}
