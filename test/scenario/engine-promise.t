# A promise pauses the strategy; when its day has passed unpaid, the strategy goes on.  REQ: F2 F3  INV: I6
company "Ferretería Andina" CO COP
clock 2026-02-23T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-20
promise C1 100000 by 2026-02-26 invoice F-1
advance 1 day
why F-1 expect PROMISE
run expect sent=0
advance 2 days
run expect sent=0
expect no mail
advance 1 day
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
