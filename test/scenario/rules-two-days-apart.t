# Written messages are at least two civil days apart.  REQ: B9 B10
company "Ferretería Andina" CO COP
clock 2026-02-16T16:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-16 | COP | 100000 |
| F-2 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-16
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
advance 1 day
why F-2 expect GAP
run expect sent=0 held.GAP=1
expect no mail
advance 1 day at 08:00
run expect sent=1
expect mail to pagos@uno.example body ~ "F-2"
