/* Pages: a view (src/web/views/NAME.mustache) rendered from an action's JSON value.
 *
 * A page is the view "layout" with the partial {{>content}} standing for the action's own view; every view may use every other as a
 * partial by its file name. What views see:
 *
 *     data      the value the action wrote
 *     page      path ("/customers"), view ("customer_list"), verb, status, title (text "title.VIEW", else the summary),
 *               query (its fields), is_partial (asked for by htmx: {{^page.is_partial}} leaves the frame out)
 *     user      name, login, role, lang, theme; empty for a visitor
 *     company   code, name, currency, country, today (ISO)
 *     csrf      the token every form carries: <input type="hidden" name="csrf" value="{{csrf}}">
 *     form      values.NAME as typed, errors.NAME the sentence to show at a field, errors_any; names with _ for -. Empty at first.
 *     fault     code, message, hint, field: of the refused form, or of the error page (view "error")
 *     lang, theme, demo (true: the button that lets a day pass belongs here), version
 *
 * Helpers, for names the data does not answer; FIELD is looked up where the tag stands, outwards:
 *
 *     t.KEY             the text of the catalogue
 *     money.FIELD       the amount with the nearest `currency`, by the company's locale: <span class="money">…</span>
 *     number.FIELD      with the locale's marks
 *     percent.FIELD     a fraction of one as a percentage
 *     date.FIELD        "27 nov 2026", without the year when it is this one: <time datetime=…>
 *     long.FIELD        "viernes 27 de noviembre de 2026"
 *     when.FIELD        an instant: date and 24-hour time of the company
 *     days.FIELD        "3 días" (texts "days.one", "days.other" with %d)
 *     label.FIELD       the badge of a state: texts "label.FIELD.VALUE" (else "label.VALUE"), class from "badge.VALUE"
 *     url.FIELD         percent-encoded, for hrefs
 *     icon.NAME         <svg class="icon" aria-hidden="true"><use href="…#NAME"/></svg> of the asset "icons.svg"
 *     asset.NAME        the address of an asset
 *     has.FIELD         true when FIELD is neither missing, empty nor zero: {{#has.items}}<table>{{#items}}…
 *     is.FIELD.VALUE    true when FIELD reads VALUE
 *     may.VERB          true when the user may call the action, with _ for blanks: {{#may.customer_hold}} */
#ifndef WEB_VIEW_H
#define WEB_VIEW_H

#include "base/mustache.h"

/* Parses every view of the binary; INVALID names the file and line of the first fault. Kept for the process. */
MUST_USE enum rc views_load(struct ctx *cx);
/* NULL when there is no such view. */
const struct mustache *view_find(Str name);

#endif
