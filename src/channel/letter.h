/* Letters: what is handed over goes to print (action/letter_actions.c puts the batch together from the kept bytes). */
#ifndef CHANNEL_LETTER_H
#define CHANNEL_LETTER_H

#include "channel/channel.h"

extern const struct channel_driver letter_driver;

#endif
