#include "action/weeks.h"

#include "action/lookup.h"

void put_weeks(struct json_writer *w, Date from, Date to, week_cell *cell, const void *self) {
    static const char *const names[7] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    Date monday = date_add(from, -(int32_t)date_weekday(from));
    json_key(w, "weeks");
    json_array(w);
    for (Date m = monday; date_compare(m, to) <= 0; m = date_add(m, 7)) {
        json_object(w);
        put_date(w, "monday", m);
        json_object_end(w);
    }
    json_array_end(w);
    json_key(w, "weekdays");
    json_array(w);
    for (int32_t d = 0; d < 7; d++) {
        json_object(w);
        json_put_text(w, "weekday", names[d]);
        json_key(w, "cells");
        json_array(w);
        for (Date m = monday; date_compare(m, to) <= 0; m = date_add(m, 7)) {
            json_object(w);
            cell(w, self, date_add(m, d));
            json_object_end(w);
        }
        json_array_end(w);
        json_object_end(w);
    }
    json_array_end(w);
}
