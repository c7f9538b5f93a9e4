/* Files of the pages: style sheets, scripts, icons, fonts, built into the binary.
 *
 * The build writes the table: every file plain and, where that is smaller, compressed by brotli and gzip; its name carries a hash
 * of its bytes, so that browsers may keep it for ever. Sorted by path. */
#ifndef WEB_ASSET_H
#define WEB_ASSET_H

#include "base/str.h"

struct asset {
    const char *name; /* as views say it: "aldia.css" */
    const char *path; /* as browsers ask for it: "/assets/aldia.3f9a0c41.css" */
    const char *type; /* "text/css; charset=utf-8" */
    Str plain, brotli, gzip; /* empty: not smaller than plain */
};

extern const struct asset asset_index[];
extern const size_t asset_index_count;

/* NULL when there is none. */
const struct asset *asset_by_path(Str path);
const struct asset *asset_by_name(Str name);

#endif
