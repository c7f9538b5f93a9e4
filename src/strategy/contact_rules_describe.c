/* Rules put into words: for why, the settings page and the linter of texts.
 *
 * The sentence is made from the same figures that are judged, so it cannot say something else. */
#include <string.h>

#include "strategy/contact_rules_pack.h"

static const char *const weekday_short[] = {PHRASE("Mon"), PHRASE("Tue"), PHRASE("Wed"), PHRASE("Thu"),
                                            PHRASE("Fri"), PHRASE("Sat"), PHRASE("Sun")};

/* A sentence in the making. */
struct sentence {
    struct buf *out;
    const char *lang; /* "es", "pt"; any other is English */
};

static void add_hour(struct buf *out, int32_t second) {
    buf_printf(out, "%02d:%02d", (int)(second / 3600), (int)(second / 60 % 60));
}

static bool same_windows(const struct rule *rule, int a, int b) {
    int count = rule->window_start[a + 1] - rule->window_start[a];
    if (rule->window_start[b + 1] - rule->window_start[b] != count) return false;
    for (int i = 0; i < count; i++) {
        const struct rule_window *x = &rule->windows[rule->window_start[a] + i];
        const struct rule_window *y = &rule->windows[rule->window_start[b] + i];
        if (x->from != y->from || x->to != y->to) return false;
    }
    return true;
}

/* "Mon-Fri 07:00-19:00, Sat 08:00-15:00" */
static void add_windows(const struct rule *rule, struct sentence *s) {
    struct buf *out = s->out;
    for (int day = 0; day < 7;) {
        int last = day;
        while (last < 6 && same_windows(rule, day, last + 1)) last++;
        for (uint8_t i = rule->window_start[day]; i < rule->window_start[day + 1]; i++) {
            if (out->n > 0) buf_add_cstr(out, ", ");
            if (i == rule->window_start[day]) {
                buf_add_cstr(out, phrase_in(s->lang, weekday_short[day]));
                if (last > day) buf_printf(out, "-%s", phrase_in(s->lang, weekday_short[last]));
                buf_add_char(out, ' ');
            }
            add_hour(out, rule->windows[i].from);
            buf_add_char(out, '-');
            add_hour(out, rule->windows[i].to);
        }
        day = last + 1;
    }
}

/* "calls", "written messages", "calls and visits", "contacts" */
static void add_channels(ChannelSet set, struct sentence *s) {
    static const struct {
        ChannelSet set;
        const char *name;
    } names[] = {
        {CHANNELS_WRITTEN, PHRASE("written messages")},
        {CHANNEL_BIT(CHANNEL_EMAIL), PHRASE("mails")},
        {CHANNEL_BIT(CHANNEL_SMS), PHRASE("SMS")},
        {CHANNEL_BIT(CHANNEL_WHATSAPP), PHRASE("WhatsApp messages")},
        {CHANNEL_BIT(CHANNEL_LETTER), PHRASE("letters")},
        {CHANNEL_BIT(CHANNEL_CALL), PHRASE("calls")},
        {CHANNELS_VISIT, PHRASE("visits")},
    };
    if ((set & CHANNELS_ALL) == CHANNELS_ALL) {
        buf_add_cstr(s->out, phrase_in(s->lang, "contacts"));
        return;
    }
    bool first = true;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if ((set & names[i].set) != names[i].set) continue;
        set &= ~names[i].set;
        if (!first) {
            if (set)
                buf_add_cstr(s->out, ", ");
            else
                buf_printf(s->out, " %s ", phrase_in(s->lang, "and"));
        }
        buf_add_cstr(s->out, phrase_in(s->lang, names[i].name));
        first = false;
    }
}

static void add_cap(const struct rule_cap *cap, struct sentence *s) {
    struct buf *out = s->out;
    if (out->n > 0) buf_add_cstr(out, "; ");
    add_channels(cap->channels, s);
    buf_add_char(out, ' ');
    if (cap->n > 0)
        buf_printf(out, phrase_in(s->lang, "at most %d"), (int)cap->n);
    else if (cap->max_channels == 1)
        buf_add_cstr(out, phrase_in(s->lang, "by at most 1 channel"));
    else
        buf_printf(out, phrase_in(s->lang, "by at most %d channels"), (int)cap->max_channels);
    buf_add_char(out, ' ');
    if (cap->period_ms == 0)
        buf_add_cstr(out, phrase_in(s->lang, "a day"));
    else if (cap->period_ms % MS_PER_DAY == 0)
        buf_printf(out, phrase_in(s->lang, "in %d days"), (int)(cap->period_ms / MS_PER_DAY));
    else
        buf_printf(out, phrase_in(s->lang, "in %d hours"), (int)(cap->period_ms / MS_PER_HOUR));
    if (cap->counts == COUNT_CONVERSATION) buf_printf(out, " %s", phrase_in(s->lang, "with a conversation"));
    if (cap->per_debt) buf_printf(out, ", %s", phrase_in(s->lang, "each debt"));
}

static void add_gap(const struct rule_gap *gap, struct sentence *s) {
    if (s->out->n > 0) buf_add_cstr(s->out, "; ");
    add_channels(gap->channels, s);
    buf_add_char(s->out, ' ');
    if (gap->days > 0)
        buf_printf(s->out, phrase_in(s->lang, "on dates at least %d days apart"), (int)gap->days);
    else
        buf_printf(s->out, phrase_in(s->lang, "at least %d minutes apart"), (int)(gap->ms / MS_PER_MINUTE));
}

Str rule_words_in(const struct rule_words *words, const char *lang) {
    if (strncmp(lang, "es", 2) == 0) return words->es;
    return strncmp(lang, "pt", 2) == 0 ? words->pt : words->en;
}

Str contact_rules_title(const struct rule_pack *pack, const char *lang, Str id) {
    if (str_is(id, "COMPANY")) return str_from(phrase_in(lang, "The company's calendar"));
    for (size_t i = 0; i < pack->rule_count; i++)
        if (str_equal(pack->rules[i]->id, id)) return rule_words_in(&pack->rules[i]->title, lang);
    return id;
}

/* What no figure says. */
static void add_texts(const struct rule *rule, struct sentence *s) {
    for (size_t i = 0; i < rule->text_count; i++) {
        if (s->out->n > 0) buf_add_cstr(s->out, "; ");
        buf_printf(s->out, "%s: ", phrase_in(s->lang, rule->texts[i].required ? "required" : "forbidden"));
        buf_add(s->out, rule_words_in(&rule->texts[i].text, s->lang));
    }
}

static Str rule_sentence(struct arena *arena, const char *lang, const struct rule *rule) {
    AUTO(buf_done) struct buf out = buf_make(4000);
    struct sentence s = {&out, lang};
    if (rule->has_windows) add_windows(rule, &s);
    if (rule->blocks_holidays) buf_printf(&out, out.n > 0 ? ", %s" : "%s", phrase_in(lang, "no holidays"));
    for (size_t i = 0; i < rule->cap_count; i++) add_cap(&rule->caps[i], &s);
    for (size_t i = 0; i < rule->gap_count; i++) add_gap(&rule->gaps[i], &s);
    add_texts(rule, &s);
    if (out.n == 0) buf_add_cstr(&out, phrase_in(lang, "no hours and no limits of its own"));
    return arena_str(arena, buf_str(&out));
}

struct listing {
    const struct rule *rules[3 * COUNTRY_RULES_MAX];
    size_t count;
};

static void list_span(struct listing *list, struct rule_span span, const struct customer *customer, bool own_country,
                      Date today) {
    for (size_t i = 0; i < span.count; i++)
        if (rule_applies(span.rules[i], customer, own_country) && rule_in_force(span.rules[i], today))
            list->rules[list->count++] = span.rules[i];
}

/* Replaced for a channel only where a law of the debtor's country names it; while one channel is left the house speaks.
 */
static bool house_speaks(const struct listing *laws, const struct customer *customer) {
    ChannelSet left = CHANNELS_ALL;
    for (size_t i = 0; i < laws->count && customer->is_person; i++)
        if (laws->rules[i]->replaces_house && str_equal(laws->rules[i]->country, customer->country))
            left &= ~laws->rules[i]->channels;
    return left != 0;
}

static void list_rules(const struct rule_pack *pack, const struct customer *customer, Str creditor_country, Instant at,
                       struct listing *out) {
    struct place scratch;
    const struct place *place = place_find(pack->places, customer, creditor_country, &scratch);
    Date today = zone_date(place->zones[0], at);
    out->count = 0;
    list_span(out, rule_pack_country(pack, customer->country), customer, true, today);
    if (!str_equal(customer->country, creditor_country))
        list_span(out, rule_pack_country(pack, creditor_country), customer, false, today);
    if (house_speaks(out, customer)) list_span(out, rule_pack_house(pack), customer, false, today);
}

size_t contact_rules_describe(struct arena *arena, const char *lang, const struct rule_pack *pack, const struct customer *customer,
                              Str creditor_country, Instant at, struct contact_rule_line *out_lines, size_t max) {
    struct listing list;
    list_rules(pack, customer, creditor_country, at, &list);
    size_t count = list.count < max ? list.count : max;
    for (size_t i = 0; i < count; i++) {
        const struct rule *rule = list.rules[i];
        out_lines[i] = (struct contact_rule_line){.id = rule->id,
                                                  .title = rule_words_in(&rule->title, lang),
                                                  .text = rule_sentence(arena, lang, rule),
                                                  .source = rule_words_in(&rule->source, lang),
                                                  .confidence = rule->confidence,
                                                  .note = rule_words_in(&rule->note, lang)};
    }
    return count;
}

size_t contact_rules_texts(const struct rule_pack *pack, const struct customer *customer, Str creditor_country,
                           Instant at, struct contact_text *out_texts, size_t max) {
    struct listing list;
    list_rules(pack, customer, creditor_country, at, &list);
    size_t count = 0;
    for (size_t i = 0; i < list.count; i++)
        for (size_t t = 0; t < list.rules[i]->text_count && count < max; t++) {
            const struct rule_text *text = &list.rules[i]->texts[t];
            out_texts[count++] = (struct contact_text){.rule = list.rules[i]->id,
                                                       .kind = text->kind,
                                                       .text = text->text.en,
                                                       .required = text->required,
                                                       .phrases = text->phrases,
                                                       .phrase_count = text->phrase_count};
        }
    return count;
}
