# A hold stops every message; after it there is one catch-up message, not a burst.  REQ: B11  INV: I6 I14
company "Ferretería Andina" CO COP
clock 2026-02-10T08:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-2 | C2 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-01-01
hold C1 "en conversación con gerencia"
expect customer C1 hold!=false hold!=null
why F-1 expect HOLD
run expect sent=1
expect mail to pagos@dos.example body ~ "F-2"
advance 7 days
run expect sent=1
expect mail to pagos@dos.example body ~ "F-2"
advance 7 days
run expect sent=1
expect mail to pagos@dos.example body ~ "F-2"
advance 2 days
resume C1
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
expect 1 message sent to pagos@uno.example step=claim-1
advance 1 day
run expect sent=0
expect no mail
