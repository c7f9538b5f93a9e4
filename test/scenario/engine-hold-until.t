# A hold with a date ends by itself: the last day still holds, the next does not.  REQ: B11
company "Ferretería Andina" CO COP
clock 2026-02-10T08:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-01-01
hold C1 "vacaciones" until 2026-02-12
run expect sent=0
advance 2 days
run expect sent=0
expect no mail
why F-1 expect HOLD
advance 1 day
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
