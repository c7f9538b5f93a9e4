# Ley 2300: never on Sundays and holidays; Monday 07:00 is the next moment for a person.  REQ: L7  RULE: CO-2300
company "Ferretería Andina" CO COP
clock 2026-02-15T10:00:00-05:00
customers
| code | name | email | kind |
| P1 | Ana Gómez | ana@gente.example | person |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | P1 | 2026-01-20 | 2026-02-15 | COP | 100000 |
activate from 2026-02-14
run expect sent=0
expect no mail
clock 2026-02-16T06:59:59-05:00
run expect sent=0
expect no mail
clock 2026-02-16T07:00:00-05:00
run expect sent=1
expect mail to ana@gente.example body ~ "F-1"
