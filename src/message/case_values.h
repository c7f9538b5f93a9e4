/* Payments, promises, plans, disputes and the like as values for templates. Private to message/. */
#ifndef MESSAGE_CASE_VALUES_H
#define MESSAGE_CASE_VALUES_H

#include "message/items.h"

/* Adds payment, reported, promise, plan, dispute, discount, sends, send_count, send_day, missing and suspend_on. */
MUST_USE enum rc case_values(struct composing *c, struct value_builder *root);

#endif
