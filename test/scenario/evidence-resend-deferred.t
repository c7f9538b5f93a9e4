# A message resent into a busy server waits and keeps its bytes; refused for good, it is as ambiguous as before.  INV: I1 I3 I7
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-10 | COP | 100000 |
activate from 2026-02-11
smtp drop at dot kept once
run expect ambiguous=1
expect mail to pagos@uno.example body ~ "F-1"
settle pagos@uno.example as resend
smtp reply 451 "try later" at dot once
run expect deferred=1
expect 1 message deferred to pagos@uno.example
advance 6 minutes
smtp reply 550 "no such user" at rcpt once
run expect sent=0
expect 1 message ambiguous to pagos@uno.example reason=BOUNCED
