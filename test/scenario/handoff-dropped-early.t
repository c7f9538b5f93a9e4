# A connection dropped at any step before the body means not sent; it is tried again.  INV: I2 I3
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
smtp drop at connect once
run expect exit=0|69 sent=0 failed=0 ambiguous=0
advance 5 minutes
smtp drop at mail once
run expect exit=0|69 sent=0 failed=0 ambiguous=0
advance 15 minutes
smtp drop at rcpt once
run expect exit=0|69 sent=0 failed=0 ambiguous=0
advance 60 minutes
smtp reset at data once
run expect exit=0|69 sent=0 failed=0 ambiguous=0
expect no mail
advance 4 hours
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
