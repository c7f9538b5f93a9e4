# A promise covers what it names; another invoice goes on, with the promised one left out of the total.  REQ: F2 B7
company "Ferretería Andina" CO COP
clock 2026-02-23T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-11 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-12 | C1 | 2026-01-20 | 2026-02-17 | COP | 250000 |
activate from 2026-02-20
promise C1 100000 by 2026-03-20 invoice F-11
advance 1 day
run expect sent=1
expect mail to pagos@uno.example body ~ "F-12" body ~ "250.000" body !~ "350.000"
expect 1 message sent total=250000
