/* User-Agent headers. Browsers name those before them too, so the order tells: Edge says it is Chrome, which says it is Safari. */
#include "web/agent.h"

#include "base/rc.h"

struct known {
    const char *word, *name;
};
static const struct known browsers[] = {
    {"Edg/", "Edge"},      {"EdgA/", "Edge"},    {"EdgiOS/", "Edge"},  {"OPR/", "Opera"},         {"SamsungBrowser/", "Samsung Internet"},
    {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Chromium/", "Chromium"}, {"Firefox/", "Firefox"},
    {"Version/", "Safari"},
};
static const struct known systems[] = {
    {"iPhone", "iPhone"}, {"iPad", "iPad"},      {"Android", "Android"}, {"Windows", "Windows"},
    {"CrOS", "ChromeOS"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"},
};

static const char *first_of(const struct known *known, size_t count, Str header) {
    for (size_t i = 0; i < count; i++)
        if (str_contains(header, str_from(known[i].word))) return known[i].name;
    return NULL;
}

struct agent agent_read(Str header) {
    struct agent a = {.browser = first_of(browsers, COUNT_OF(browsers), header)};
    a.system = first_of(systems, COUNT_OF(systems), header);
    if (a.browser) return a;
    Str rest = header;
    Str word = str_trim(str_cut(&rest, ' '));
    Str program = str_cut(&word, '/');
    if (!str_is(program, "Mozilla")) a.program = program; /* all browsers begin with it */
    return a;
}
