# A notice six civil days late is still sent.  REQ: B1
company "Ferretería Andina" CO COP
clock 2026-01-26T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-27 | COP | 100000 |
activate from 2026-01-01
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
expect 1 message sent step=issue
