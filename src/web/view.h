/* Pages: a view (src/web/views/NAME.mustache) rendered from an action's JSON value.
 *
 * A page is the view "layout" with the partial {{>content}} standing for the action's own view ("layout_visitor" for who
 * is not signed in); every view may use every other as a partial by its file name. What views see:
 *
 *     data      the value the action wrote
 *     page      path ("/customers"), view ("customer_list"), verb, status, title (text "title.VIEW", else the summary),
 *               query (its fields by name), next (the address of the next page of a list), done (verb of the form that brought
 *               us here, with _ for blanks), is_partial (htmx asks for a part: HX-Request-Type: partial)
 *     shell     the value of the action "shell", if there is one and the user may call it: what the rail shows on every page
 *     user      name, login, role, initials; empty for a visitor
 *     company   code, name, currency, country, today (ISO)
 *     csrf      the token every form carries: <input type="hidden" name="csrf" value="{{csrf}}">
 *     form      of the refused form: verb, errors_any, values.NAME as typed, errors.NAME; names with _ for -. Empty at first. Views need
 *               none of it to show a form again: form.h puts it there
 *     fault     code, message, hint, field: of the refused form, or of the error page (view "error")
 *     lang, theme, demo (true: the button that lets a day pass belongs here), version
 *
 * Helpers, for names the data does not answer; FIELD is looked up where the tag stands, outwards:
 *
 *     t.KEY             the text of the catalogue; its placeholders are names and helpers like these, as plain text
 *     money.FIELD       the amount with the nearest `currency`, by the company's locale: <span class="money">…</span>
 *     number.FIELD      with the locale's marks
 *     percent.FIELD     a fraction of one as a percentage
 *     date.FIELD        "27 nov 2026", without the year when it is this one: <time datetime=…>
 *     long.FIELD        "viernes 27 de noviembre de 2026"
 *     when.FIELD        an instant: date and 24-hour time of the company
 *     days.FIELD        a number of days: text "days" with {n}
 *     label.FIELD       a state as a badge: text "label.FIELD.VALUE", else "label.VALUE"; its class and icon are the words of text
 *                       "badge.FIELD.VALUE", else "badge.VALUE" ("late alert-triangle"), which is the same in every language
 *     word.FIELD        the same text without the badge
 *     says.FIELD        a sentence of the program with a capital at its beginning
 *     agent.FIELD       a User-Agent as "Firefox en Linux"
 *     url.FIELD         percent-encoded, for hrefs
 *     icon.NAME         <svg class="i" aria-hidden="true"><use href="…#NAME"/></svg> of the asset "icons.svg"
 *     asset.NAME        the address of an asset
 *     chart.NAME        a chart of the data's rows: axes, bars, key (chart.h); nothing without a figure
 *     unit.NAME         in what that chart's axis counts, "millones de COP"; nothing for plain counts
 *     has.FIELD         true when FIELD is neither missing, empty nor zero: {{#has.items}}<table>{{#items}}…
 *     is.FIELD.VALUE    true when FIELD reads VALUE
 *     may.VERB          true when the user may call the action, with _ for blanks: {{#may.customer_hold}} */
#ifndef WEB_VIEW_H
#define WEB_VIEW_H

#include "base/mustache.h"

/* Parses every view of the binary; INVALID names the file and line of the first fault. In cx->arena, which must live as long
 * as pages are shown. */
MUST_USE enum rc views_load(struct ctx *cx);
/* NULL when there is no such view. */
const struct mustache *view_find(Str name);

/* What helpers need to know of a page; `may` answers for the actor. */
struct locale;
struct zone;
struct page_terms {
    struct ctx *cx;
    Str lang;
    const struct locale *locale;
    const struct zone *zone;
    int32_t today; /* Date.day */
    bool is_plain; /* helpers give plain text: inside a text */
    const struct mustache *content; /* {{>content}} */
};
MUST_USE enum rc view_render(struct page_terms *terms, const struct mustache *view, const struct value *root,
                             struct buf *out);

#endif
