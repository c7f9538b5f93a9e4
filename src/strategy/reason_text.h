/* A reason as a sentence for people, in their language (REQ: B13): "Hay una promesa de pago hasta el viernes 4 de diciembre de
 * 2026", "Ley 2300 (Colombia): fuera del horario permitido; próximo momento permitido: lunes…". The code stays beside it for programs. */
#ifndef STRATEGY_REASON_TEXT_H
#define STRATEGY_REASON_TEXT_H

#include "core/locale.h"
#include "strategy/strategy_types.h"

/* `language` "es", "en" or "pt" (else Spanish), `locale` for dates, `zone` in which instants are shown. A capital letter, no full stop.
 * Step and rule stand as they are in the reason: whoever knows their titles puts these there (contact_rules_title). */
Str reason_text(struct arena *arena, const char *language, const struct locale *locale, const struct zone *zone,
                const struct reason *reason);

#endif
