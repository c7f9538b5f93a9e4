# 4xx to MAIL, RCPT and DATA defers too.  INV: I2 I3
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
smtp reply 450 busy at mail once
run expect sent=0 deferred=1 failed=0
advance 5 minutes
smtp reply 450 grey-listed at rcpt once
run expect sent=0 deferred=1 failed=0
advance 15 minutes
smtp reply 451 disk at data once
run expect sent=0 deferred=1 failed=0
expect no mail
advance 60 minutes
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
