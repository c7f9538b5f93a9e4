/* Which charts there are. One more is an entry here, its title and description in texts/ (chart.NAME.title, chart.NAME.desc) and {{chart.NAME}}
 * in a view. */
#include "web/chart.h"
#include "web/text.h"

static const struct chart charts[] = {
    {.name = "ageing",
     .rows = "items",
     .unit = CHART_MONEY,
     .is_level = true,
     .series = {{"not_due", "a0", TEXT_KEY("ageing.not_due")},
                {"days_30", "a1", TEXT_KEY("ageing.days_30")},
                {"days_60", "a2", TEXT_KEY("ageing.days_60")},
                {"days_90", "a3", TEXT_KEY("ageing.days_90")},
                {"older", "a4", TEXT_KEY("ageing.older")}}},
    {.name = "collected", .rows = "items", .unit = CHART_MONEY, .series = {{"collected", "fill", TEXT_KEY("figures.collected")}}},
    {.name = "contacts",
     .rows = "items",
     .series = {{"email", "c1", TEXT_KEY("figures.email")},
                {"whatsapp", "c2", TEXT_KEY("figures.whatsapp")},
                {"sms", "c3", TEXT_KEY("figures.sms")},
                {"letter", "c4", TEXT_KEY("figures.letter")},
                {"other", "c5", TEXT_KEY("figures.other")},
                {"calls", "c6", TEXT_KEY("figures.calls")}}},
    {.name = "promises",
     .rows = "items",
     .series = {{"promises_kept", "k1", TEXT_KEY("figures.kept")},
                {"promises_partly", "k2", TEXT_KEY("figures.partly")},
                {"promises_broken", "k3", TEXT_KEY("figures.broken")}}},
    /* The next one: docs/howto/add-a-chart.md. */
};

const struct chart *chart_find(Str name) {
    for (size_t i = 0; i < COUNT_OF(charts); i++)
        if (str_is(name, charts[i].name)) return &charts[i];
    return NULL;
}
