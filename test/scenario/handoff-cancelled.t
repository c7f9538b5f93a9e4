# A message a person cancels is not sent later, and its step does not come back.  REQ: B11  INV: I2
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
run expect deferred=1
cancel pagos@uno.example
expect 1 message cancelled to pagos@uno.example
advance 1 hour
run expect sent=0
expect no mail
