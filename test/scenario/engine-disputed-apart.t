# A disputed invoice is never in the total claimed of the others.  REQ: G1 B7
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-11 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-12 | C1 | 2026-01-20 | 2026-02-17 | COP | 250000 |
activate from 2026-01-01
dispute F-11 "no llegó"
run expect sent=1
expect mail to pagos@uno.example body ~ "F-12" body ~ "250.000" body !~ "350.000"
expect 1 message sent total=250000
expect customer C1 open=350000
