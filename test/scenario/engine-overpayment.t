# What was paid too much stays unapplied; it is not spent on later invoices by itself but counts in the net.  REQ: I4
company "Ferretería Andina" CO COP
clock 2026-02-10T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-01-01
pay C1 160000 invoice F-1
expect invoice F-1 open=0
expect customer C1 open=0 unapplied=60000
run expect sent=0
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-2 | C1 | 2026-02-10 | 2026-03-10 | COP | 90000 |
expect invoice F-2 open=90000
expect customer C1 open=90000 unapplied=60000
advance 28 days
run expect sent=1
expect mail to pagos@uno.example body ~ "F-2" body ~ "90.000" body ~ "60.000" body !~ "F-1"
