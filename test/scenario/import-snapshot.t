# A full export of open items: what is missing from it has been settled.  REQ: A6  INV: I8
company "Ferretería Andina" CO COP
clock 2026-02-10T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
invoices snapshot as of 2026-02-10 expect rows=3 booked=3
| number | customer_code | issue_date | due_date | currency | amount | open_amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 | 100000 |
| F-2 | C2 | 2026-01-20 | 2026-02-17 | COP | 200000 | 200000 |
| F-3 | C2 | 2026-01-20 | 2026-02-17 | COP | 300000 | 250000 |
expect invoice F-3 open=250000 amount=300000
activate from 2026-02-12
advance 7 days at 08:00
# F-1 was settled, F-3 partly
invoices snapshot as of 2026-02-17 expect rows=2
| number | customer_code | issue_date | due_date | currency | amount | open_amount |
| F-2 | C2 | 2026-01-20 | 2026-02-17 | COP | 200000 | 200000 |
| F-3 | C2 | 2026-01-20 | 2026-02-17 | COP | 300000 | 41250 |
expect invoice F-1 open=0
expect invoice F-2 open=200000
expect invoice F-3 open=41250
run expect sent=1
expect mail to pagos@dos.example body ~ "F-2" body ~ "F-3" body ~ "41.250"
# the same again changes nothing
invoices snapshot as of 2026-02-17 expect rows=2 booked=0
| number | customer_code | issue_date | due_date | currency | amount | open_amount |
| F-2 | C2 | 2026-01-20 | 2026-02-17 | COP | 200000 | 200000 |
| F-3 | C2 | 2026-01-20 | 2026-02-17 | COP | 300000 | 41250 |
expect customer C2 open=241250
