# Texts are looked at before anybody reads them: what is wrong is told with its place and remedy, and the country's rules count.  REQ: D5
company "Insumos Altuvera" CO COP
clock 2026-02-17T09:00-05:00
aldia --json template lint
expect json errors = 0
expect json warnings = 0
aldia --json template lint --country BR
expect json errors = 0
expect json warnings = 0
aldia --json template lint --country MX
expect json errors = 0
expect json warnings = 0
aldia --json template lint --country US
expect json errors = 0
expect json warnings = 0
file es/claim/concern-z.txt
> Asunto: Recordatorio de pago
> Título: Su cuenta
> Vista previa: El detalle de su cuenta
>
> La {{#lead}}{{#first}}{{>documento}} por {{open}} venció{{/first}}{{/lead}}. Díganos el motivo de no pago y pague a {{company.name}}.
fails 65 --json template lint @es/claim/concern-z.txt
expect json errors = 2
expect json items[0].id = rule-forbidden
expect json items[0].rule = CO-2300
expect json items[0].line = 5
expect json items[0].quoted = "motivo de no pago"
expect json items[1].id = subject-vague
expect json items[1].remedy ~ "{{>documento}}"
fails 65 --json template lint --country PE @es/claim/concern-z.txt
expect json errors = 1
fails 65 --lang en --json template lint --country PE @es/claim/concern-z.txt
expect json items[0].found = "the subject describes nothing"
