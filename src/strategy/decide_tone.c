/* In which tone and with which wording (REQ: D3 D4; domain.md 3.5).
 *
 * The tone that is justified is the highest of three: the step's least tone, those of the steps already performed for
 * the items listed, and what the age of the oldest item allows for the customer's profile; a broken promise adds one.
 * From the last tone it rises by one level at most, unless a promise was broken. As a debt only grows older, the
 * justified tone falls only when the debt itself changes. The table stands in docs/ref/strategies.md. */
#include "strategy/decide_parts.h"

/* Days past due from which the oldest item justifies concern, and firmness. */
static const struct {
    const char *profile;
    int32_t concern, firm;
} ages[] = {{"risky", 7, 14}, {"new", 21, 45}, {"strategic", 30, 60}, {"", 14, 30}};

static enum tone tone_of_age(Str profile, int32_t days) {
    size_t i = 0;
    while (i < COUNT_OF(ages) - 1 && !str_is(profile, ages[i].profile)) i++;
    if (days >= ages[i].firm) return TONE_FIRM;
    return days >= ages[i].concern ? TONE_CONCERN : TONE_FRIENDLY;
}

static enum tone tone_max(enum tone a, enum tone b) { return a > b ? a : b; }

static enum tone tone_after(enum tone t) { return t < TONE_FIRM ? t + 1 : TONE_FIRM; }

/* The least tones of the steps the listed items have behind them. */
static enum tone tone_of_past(const struct planner *p, const struct decided_item *items, size_t count) {
    enum tone past = TONE_FRIENDLY;
    for (size_t i = 0; i < count; i++) {
        const struct standing *st = &p->standings[items[i].item - p->snapshot->items];
        for (int rank = p->top[TRACK_MESSAGE]; rank != NO_RANK; rank = p->rungs[rank].below)
            if (st->done[rank / 64] >> (rank % 64) & 1 && p->rungs[rank].step->has_tone)
                past = tone_max(past, p->rungs[rank].step->tone);
    }
    return past;
}

enum tone tone_choose(struct planner *p, const struct rung *rung, const struct decided_item *items, size_t count,
                      struct reason_list *reasons) {
    int32_t oldest = INT32_MIN;
    bool broken = p->snapshot->broken_promises > 1;
    for (size_t i = 0; i < count; i++) {
        int32_t age = date_diff(p->policy->today, items[i].item->due_date);
        if (age > oldest) oldest = age;
        if (!date_is_none(items[i].item->broken_promise)) broken = true;
    }
    enum tone justified = tone_max(tone_of_age(p->snapshot->customer.profile, oldest), tone_of_past(p, items, count));
    if (rung->step->has_tone) justified = tone_max(justified, rung->step->tone);
    if (broken && oldest > 0) justified = tone_after(justified);
    enum tone last = p->snapshot->has_last_tone ? p->snapshot->last_tone : TONE_FRIENDLY;
    enum tone tone = justified;
    if (!broken && tone > tone_after(last)) tone = tone_after(last);
    if (tone != justified || (broken && oldest > 0) || p->explain) {
        struct reason *reason = reason_add(p, reasons, REASON_TONE);
        reason->number = oldest;
        reason->step = rung->step->id;
    }
    return tone;
}

/* How long ago a wording was used: position in the list, SIZE_MAX for never. */
static size_t last_use(Str used, Str kind, Str variant) {
    size_t position = 0;
    for (Str rest = used; rest.p; position++) {
        Str entry = str_trim(str_cut(&rest, ','));
        size_t colon = str_index(entry, ':');
        if (colon == entry.n) continue;
        if (str_equal((Str){entry.p, colon}, kind) &&
            str_equal((Str){entry.p + colon + 1, entry.n - colon - 1}, variant))
            return position;
    }
    return SIZE_MAX;
}

static size_t wordings(const struct planner *p, const struct decision *d, Str kind, Str *out, size_t max) {
    const struct customer *c = &p->snapshot->customer;
    struct wording_query query = {.language = d->contact && d->contact->language.n ? d->contact->language : c->language,
                                  .kind = kind,
                                  .form = message_form_of(d->channel),
                                  .tone = d->tone,
                                  .country = c->country,
                                  .sector = c->sector,
                                  .profile = c->profile,
                                  .is_person = c->is_person};
    size_t count = p->policy->variants(p->policy->library, &query, out, max);
    return count < max ? count : max;
}

void wording_choose(struct planner *p, struct decision *d) {
    Str available[16];
    d->template_kind = d->step->kind;
    d->variant = S("a");
    if (!p->policy->variants) return;
    size_t count = wordings(p, d, d->template_kind, available, COUNT_OF(available));
    if (!count) { /* the library has no such kind: the nearest it must have */
        d->template_kind = d->step->before_due ? S("due_soon") : S("claim");
        count = wordings(p, d, d->template_kind, available, COUNT_OF(available));
    }
    size_t longest = 0;
    for (size_t i = 0; i < count; i++) {
        size_t ago = last_use(p->snapshot->used_variants, d->template_kind, available[i]);
        if (i && ago <= longest) continue;
        longest = ago;
        d->variant = available[i];
    }
}
