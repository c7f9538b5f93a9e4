# Several missed claims collapse to the highest; the swallowed ones are never sent later.  REQ: B1
company "Ferretería Andina" CO COP
clock 2026-03-10T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-01-01
why F-1 expect verdict=send COLLAPSED
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
expect 1 message sent step=claim-3
advance 1 day
run expect sent=0
advance 2 days
run expect sent=0
expect no mail
expect no message sent step=claim-1
expect no message sent step=claim-2
