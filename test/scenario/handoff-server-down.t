# The mail server is down: exit 69, nothing is said to be sent; when it is back the mail goes.  INV: I2 I3
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
smtp down
run expect exit=69 sent=0 failed=0 ambiguous=0
expect 1 message deferred to pagos@uno.example
smtp up
advance 5 minutes
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
