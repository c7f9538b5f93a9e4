# One message per customer and day lists every open item, the highest step leads.  REQ: B7 D2
company "Ferretería Andina" CO COP
clock 2026-02-24T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-11 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-12 | C1 | 2026-01-25 | 2026-02-24 | COP | 250000 |
| F-13 | C1 | 2026-02-20 | 2026-03-30 | COP | 75500 |
activate from 2026-01-01
run expect sent=1
expect mail to pagos@uno.example body ~ "F-11" body ~ "F-12" body ~ "F-13" body ~ "100.000" body ~ "250.000" body ~ "75.500"
expect 1 message sent step=claim-1 items.length=3
run expect sent=0
