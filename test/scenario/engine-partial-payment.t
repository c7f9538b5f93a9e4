# After a partial payment the next message carries the new amount.  REQ: D2  INV: I5 I7
company "Ferretería Andina" CO COP
clock 2026-02-10T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-01-01
run expect sent=1
expect mail to pagos@uno.example body ~ "100.000"
pay C1 58766 invoice F-1
expect invoice F-1 open=41234 amount=100000
advance 7 days
run expect sent=1
expect mail to pagos@uno.example body ~ "41.234" body !~ "100.000" html ~ "41.234"
expect 1 message sent step=d0 total=41234
