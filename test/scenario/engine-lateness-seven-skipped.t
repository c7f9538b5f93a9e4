# A notice seven civil days late is skipped for good, and says so.  REQ: B1 B13
company "Ferretería Andina" CO COP
clock 2026-01-27T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-27 | COP | 100000 |
activate from 2026-01-01
why F-1 expect TOO_LATE
run expect sent=0
expect no mail
advance 1 day
run expect sent=0
expect no message sent step=issue
