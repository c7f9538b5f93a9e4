# A strategy from its first draft to the archive, by commands alone: what is drafted is in force for nobody before it is published.  REQ: B2 B3 L10
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email | segment |
| C1 | Almacén Uno | pagos@uno.example | oro |
| C2 | Almacén Dos | pagos@dos.example | |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-12 | COP | 100000 |
| F-2 | C2 | 2026-01-20 | 2026-02-12 | COP | 50000 |
aldia --json strategy activation --from 2026-02-17
expect json customers = 2
expect json activated = false
activate from 2026-02-17
fails 66 --json strategy new "Clientes oro" --from nada
aldia --json strategy new "Clientes oro" --from recurrente-30 --code oro
expect json code = oro
fails 75 --json strategy new "Otra" --from recurrente-30 --code oro
# drafting: nothing is in force before it is published
aldia --json strategy draft oro
expect json is_draft = false
expect json version = 1
aldia strategy draft-set oro --segments oro --description "De confianza"
aldia strategy step-set oro claim-1 --days 5
aldia --json strategy step-set oro --name "Llamar" --kind task:call --days 12
expect json step = call-1
aldia strategy step-remove oro claim-2
# out of the order of days: said, and taken back
aldia --json strategy step-move oro call-1 up
expect json finding_count = 1
aldia --json strategy step-move oro call-1 down
expect json finding_count = 0
fails 66 --json strategy step-remove oro claim-9
# a draft may be wrong for a while; it cannot be published
aldia --json strategy step-set oro claim-1 --days mucho
expect json finding_count = 1
fails 75 --json strategy publish oro
aldia --json strategy step-set oro claim-1 --days 5
expect json finding_count = 0
aldia --json strategy step oro claim-1
expect json days = 5
# shown with other fields, and kept with none of them
aldia --json strategy step oro claim-1 --days 9
expect json days = 9
aldia --json strategy step oro claim-1
expect json days = 5
aldia --json strategy draft oro
expect json is_draft = true
expect json head.segments = oro
expect json steps[step=claim-1].offset = 5
expect json changes[step=claim-2].change = removed
aldia --json strategy show oro
expect out ~ "claim-2"
fails 75 --json strategy step-set oro claim-1 --days 6 --was 0000000000000000
aldia --json strategy changes oro --days 20
expect json is_draft = true
expect json changes[step=claim-2].change = removed
expect json changes[step=call-1].change = added
# in force, with the note that says why
aldia --json strategy publish oro --note "menos reclamos" --activate
expect json version = 2
aldia --json strategy show oro
expect out !~ "claim-2"
aldia --json strategy versions oro
expect json version = 2
expect json items[version=2].note = "menos reclamos"
expect json items[version=2].in_force = true
aldia strategy export oro
expect out ~ "segments: [oro]"
expect out !~ "claim-2"
aldia strategy export oro --version 1
expect out ~ "claim-2"
run expect sent=1
ignore mail
aldia --json why F-1
expect out ~ "claim-1"
expect out !~ "claim-2"
# back to the first version: again a draft, again published
aldia strategy version-restore oro 1
aldia --json strategy draft oro
expect json is_draft = true
expect out ~ "claim-2"
aldia strategy draft-discard oro
aldia --json strategy draft oro
expect json is_draft = false
expect out !~ "claim-2"
aldia strategy rename oro "Oro de ley"
aldia --json strategy list
expect json items[code=oro].name = "Oro de ley"
aldia --json strategy versions oro
expect json version = 3
# put away and taken back
aldia strategy archive oro
aldia --json strategy list
expect json archived[code=oro].name = "Oro de ley"
aldia strategy unarchive oro
aldia --json strategy list
expect json items[code=oro].code = oro
expect out ~ "\"archived\":[]"
aldia --json audit list
expect out ~ "strategy publish"
expect out ~ "strategy archive"
verify
