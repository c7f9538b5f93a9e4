# A step that falls on a Saturday moves to Monday.  REQ: B9
company "Ferretería Andina" CO COP
clock 2026-02-14T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-14 | COP | 100000 |
activate from 2026-02-14
run expect sent=0 held.WINDOW=1
advance 1 day
run expect sent=0
advance 1 day
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
expect 1 message sent step=d0 date=2026-02-16
