/* For whom a text is: country, sector and profile, as the library's file names write them. Private to message/.
 *
 * Customers' data name sectors and profiles in any of three languages ("Turismo", "seguros", "cuenta clave"); here they
 * become one of the closed lists, or nothing. Energy is sold to firms and to households under different texts. */
#ifndef MESSAGE_AUDIENCE_H
#define MESSAGE_AUDIENCE_H

#include "strategy/strategy_types.h"

struct audience {
    Str country, sector, profile; /* empty: any, or unknown */
};

/* "CO", "tourism", "risky": sets the field it is. False: no known country, sector or profile is written so. */
bool audience_qualify(struct audience *audience, Str qualifier);
/* Of a customer. */
struct audience audience_of(Str country, Str sector, Str profile, bool is_person);
/* What is meant for `wanted` may be read by `reader`. */
bool audience_includes(const struct audience *wanted, const struct audience *reader);
/* How narrowly it is meant: a country outweighs a sector, a sector a profile. */
int audience_rank(const struct audience *a);
bool audience_equal(const struct audience *a, const struct audience *b);

/* The closed lists, NULL at the end. */
extern const char *const audience_sectors[], *const audience_profiles[];

#endif
