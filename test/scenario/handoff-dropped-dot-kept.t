# The server takes the message and dies before saying so: ambiguous, one copy, the ladder goes on.  INV: I1 I3
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
smtp drop at dot kept once
run expect sent=0 failed=0 ambiguous=1
expect mail to pagos@uno.example body ~ "F-1"
advance 1 day
run expect sent=0
expect no mail
advance 6 days
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
expect 1 message ambiguous step=d0
expect 1 message sent step=claim-1
