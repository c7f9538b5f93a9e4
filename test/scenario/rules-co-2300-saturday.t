# Ley 2300: a natural person may be written to on Saturday until 14:59:59, not at 15:00:00.  REQ: L7  RULE: CO-2300
company "Ferretería Andina" CO COP
clock 2026-02-14T15:00:00-05:00
customers
| code | name | email | kind |
| P1 | Ana Gómez | ana@gente.example | person |
| C1 | Almacén Uno | pagos@uno.example | company |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | P1 | 2026-01-20 | 2026-02-14 | COP | 100000 |
| F-2 | C1 | 2026-01-20 | 2026-02-14 | COP | 100000 |
activate from 2026-02-14
run expect sent=0 held.WINDOW=2
expect no mail
aldia --json why F-1
expect out ~ CO-2300
expect out ~ "2026-02-16T"
clock 2026-02-21T14:59:59-05:00
# a week later: D0 is seven days late, D+7 is due; the person may be written to, the company may not
run expect sent=1
expect mail to ana@gente.example body ~ "F-1"
