/* Daily figures: what was open by lateness and what was done, by company, collector and civil day, each currency apart (REQ: K1 K7).
 *
 * A round keeps them at its end. What was done is added up from what came in since the last time, each thing once and on its own
 * day, so that it makes no difference how often and how late that happens: days before the first time are complete too. What was open
 * is measured once a day, the last round of the day replacing those before it; a day without a round is not known and never made up. */
#ifndef INSIGHT_FIGURES_H
#define INSIGHT_FIGURES_H

#include "core/date.h"
#include "core/zone.h"
#include "store/db.h"

/* Brings them up to now; what is open as of `today`. `standing_is_kept`: the sums of portfolio/standing.h exist and tell of today, else the
 * open items are gone through. Needs a writing transaction. */
MUST_USE enum rc figures_keep(struct ctx *cx, const struct zone *zone, Date today, bool standing_is_kept);

#endif
