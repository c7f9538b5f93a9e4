# Promised between plan and hand-over.  REQ: B10 F2  INV: I6
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
run paused at rcpt
promise C1 100000 by 2026-02-20 invoice F-1
continue expect sent=0 ambiguous=0
expect no mail
expect 1 message refused to pagos@uno.example reason=PROMISE
