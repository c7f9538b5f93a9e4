# A refused EHLO defers.  INV: I3
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
smtp reply 550 not you at ehlo 2 times
run expect exit=0|69 sent=0 ambiguous=0
expect no mail
expect 1 message deferred to pagos@uno.example
smtp normal
advance 5 minutes
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
