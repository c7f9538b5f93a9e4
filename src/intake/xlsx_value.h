/* What the cells of a workbook hold: numbers, dates, escaped text (ECMA-376 part 1, 18.8.30, 18.18.11, 18.17.4). Pure.
 */
#ifndef INTAKE_XLSX_VALUE_H
#define INTAKE_XLSX_VALUE_H

#include "base/str.h"

#define XLSX_VALUE_TEXT 72

/* The stored text of a number ("1234.5", "1.5E3") in plain decimal form. A whole number is kept digit by digit; any
 * other is rounded to 15 significant digits, half away from zero, as spreadsheets show it: 0.30000000000000004 is 0.3.
 * False when it is no number or longer than 64 characters. `text` must hold XLSX_VALUE_TEXT bytes. */
bool xlsx_decimal(Str stored, char *text, Str *out_decimal);

/* Whether a number format shows its number as a date or a time; by its code, and for those that have none in the file.
 */
bool xlsx_format_is_date(Str code);
bool xlsx_format_id_is_date(int64_t id);

/* The date of a serial day number: "2026-11-21", with a time of day "2026-11-21T14:05:00", below one day "14:05:00".
 * False outside 1900–2200 and for the 29 February 1900 that never was. `text` as above. */
bool xlsx_date(Str decimal, bool is_1904, char *text, Str *out_date);

/* "_x000D_" stands for the character with that number; in place, returns the new length. */
size_t xlsx_unescape(char *text, size_t n);

/* "BC12" → 54 (from 0); −1 when it is no cell reference. */
int xlsx_column(Str reference);

#endif
