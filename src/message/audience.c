/* Sectors and profiles by their many names. */
#include "message/audience.h"

const char *const audience_sectors[] = {"tourism",    "insurance",    "energy_b2c", "energy_b2b",
                                        "technology", "construction", NULL};
const char *const audience_profiles[] = {"new", "strategic", "risky", "key", NULL};

/* Folded beginnings of what people write. */
static const struct {
    const char *said, *meant;
} sector_names[] = {{"touris", "tourism"},        {"turism", "tourism"},        {"viaje", "tourism"},
                    {"viage", "tourism"},         {"hotel", "tourism"},         {"insur", "insurance"},
                    {"segur", "insurance"},       {"tech", "technology"},       {"tecnolog", "technology"},
                    {"software", "technology"},   {"informatic", "technology"}, {"construc", "construction"},
                    {"construt", "construction"}, {"constru", "construction"},  {"obra", "construction"}};
static const struct {
    const char *said, *meant;
} profile_names[] = {{"new", "new"},           {"nuev", "new"},           {"nov", "new"},
                     {"strateg", "strategic"}, {"estrateg", "strategic"}, {"risk", "risky"},
                     {"riesg", "risky"},       {"risco", "risky"},        {"key", "key"},
                     {"clave", "key"},         {"chave", "key"},          {"cuenta clave", "key"},
                     {"cuenta-clave", "key"},  {"conta chave", "key"},    {"conta-chave", "key"}};

static Str find(const char *const *list, Str name) {
    for (; *list; list++)
        if (str_is(name, *list)) return str_from(*list);
    return S("");
}

static Str sector_of(Str said, bool is_person) {
    Str exact = find(audience_sectors, said), folded;
    if (exact.n || !said.n) return exact;
    AUTO(arena_release) struct arena *arena = arena_new();
    folded = str_fold(arena, str_trim(said));
    if (str_starts(folded, S("energ")) || str_starts(folded, S("electric")) || str_starts(folded, S("gas"))) {
        bool b2c =
            str_contains(folded, S("b2c")) || str_contains(folded, S("hogar")) || str_contains(folded, S("residen"));
        bool b2b = str_contains(folded, S("b2b")) || str_contains(folded, S("empres"));
        return b2c || (is_person && !b2b) ? S("energy_b2c") : S("energy_b2b");
    }
    for (size_t i = 0; i < COUNT_OF(sector_names); i++)
        if (str_starts(folded, str_from(sector_names[i].said))) return str_from(sector_names[i].meant);
    return S("");
}

static Str profile_of(Str said) {
    Str exact = find(audience_profiles, said), folded;
    if (exact.n || !said.n) return exact;
    AUTO(arena_release) struct arena *arena = arena_new();
    folded = str_fold(arena, str_trim(said));
    for (size_t i = 0; i < COUNT_OF(profile_names); i++)
        if (str_starts(folded, str_from(profile_names[i].said))) return str_from(profile_names[i].meant);
    return S("");
}

static bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

bool audience_qualify(struct audience *a, Str qualifier) {
    if (qualifier.n == 2 && is_capital(qualifier.p[0]) && is_capital(qualifier.p[1])) {
        a->country = qualifier;
        return true;
    }
    Str sector = find(audience_sectors, qualifier), profile = find(audience_profiles, qualifier);
    if (sector.n) a->sector = sector;
    if (profile.n) a->profile = profile;
    return sector.n || profile.n;
}

struct audience audience_of(Str country, Str sector, Str profile, bool is_person) {
    return (struct audience){
        .country = country, .sector = sector_of(sector, is_person), .profile = profile_of(profile)};
}

static bool allows(Str wanted, Str has) { return !wanted.n || str_equal(wanted, has); }

bool audience_includes(const struct audience *wanted, const struct audience *reader) {
    return allows(wanted->country, reader->country) && allows(wanted->sector, reader->sector) &&
           allows(wanted->profile, reader->profile);
}

int audience_rank(const struct audience *a) {
    return (a->country.n ? 4 : 0) + (a->sector.n ? 2 : 0) + (a->profile.n ? 1 : 0);
}

bool audience_equal(const struct audience *a, const struct audience *b) {
    return str_equal(a->country, b->country) && str_equal(a->sector, b->sector) && str_equal(a->profile, b->profile);
}
