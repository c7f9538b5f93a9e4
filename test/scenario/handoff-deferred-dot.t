# 451 to the dot defers; five minutes later it is sent, once.  INV: I1 I2 I3
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
smtp reply 451 try later at dot once
run expect sent=0 deferred=1 failed=0 ambiguous=0 exit=0
expect no mail
expect 1 message deferred to pagos@uno.example
advance 4 minutes
run expect sent=0
expect no mail
advance 1 minute
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
expect 1 message sent to pagos@uno.example
