/* Look-up in the generated table (tools/mkassets.py), a handful of files. */
#include "web/asset.h"

const struct asset *asset_by_path(Str path) {
    for (size_t i = 0; i < asset_index_count; i++)
        if (str_is(path, asset_index[i].path)) return &asset_index[i];
    return NULL;
}

const struct asset *asset_by_name(Str name) {
    for (size_t i = 0; i < asset_index_count; i++)
        if (str_is(name, asset_index[i].name)) return &asset_index[i];
    return NULL;
}
