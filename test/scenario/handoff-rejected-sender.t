# 5xx to MAIL is final for the message.  INV: I3
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
smtp reply 553 sender not allowed at mail once
run expect sent=0 failed=1 ambiguous=0
expect 1 message failed to pagos@uno.example
advance 1 hour
run expect sent=0
expect no mail
