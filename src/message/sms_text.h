/* Text messages: the alphabet of GSM 03.38 and how many parts a text needs.
 *
 * A text in that alphabet has 160 characters in one part (153 in each of several); one character outside it makes the
 * whole text UCS-2 with 70 (67). Most accented vowels of Spanish and Portuguese are outside, so they are written
 * without their accent; ñ, é and ü stay. */
#ifndef MESSAGE_SMS_TEXT_H
#define MESSAGE_SMS_TEXT_H

#include "base/ctx.h"

struct sms_size {
    bool is_gsm7;
    size_t units; /* septets, or UTF-16 units */
    size_t parts;
};

struct sms_size sms_measure(Str text);
/* The same text in the alphabet where it has a way to say it; what has none stays. Folding twice changes nothing. */
Str sms_fold(struct arena *arena, Str text);

#endif
