# Amounts of two currencies are never added.  REQ: L5  INV: I8
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-2 | C1 | 2026-01-20 | 2026-02-17 | USD | 250 |
activate from 2026-01-01
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1" body ~ "F-2" body ~ "100.000" body ~ "250" body !~ "100.250"
pay C1 250 in USD
expect invoice F-2 open=0
expect invoice F-1 open=100000
