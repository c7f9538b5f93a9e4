# Without a mail server everything is composed and kept here; nothing leaves.  REQ: B13
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
conf smtp_host
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
run expect exit=0 failed=0 ambiguous=0
expect transactions 0
expect 1 message to pagos@uno.example reason=CAPTURED
expect no mail
