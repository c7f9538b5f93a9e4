# The clock file is refused as soon as a channel address is not this machine's.  REQ: L12
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
conf smtp_host mail.acreedor.example
fails 65|77 --json run
expect no mail
expect transactions 0
conf smtp_host 127.0.0.1
