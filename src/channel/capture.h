/* The default after `init` and in the demo: nothing leaves (interfaces.md 7, smtp_host empty). */
#ifndef CHANNEL_CAPTURE_H
#define CHANNEL_CAPTURE_H

#include "channel/channel.h"

extern const struct channel_driver capture_driver;

#endif
