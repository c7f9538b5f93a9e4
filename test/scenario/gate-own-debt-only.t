# Fifty customers, fifty mails: each shows its own debt and nobody else's.  INV: I16
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C{1..50} | Cliente {n} | pagos@c{n}.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| FV-{1..50} | C{n} | 2026-01-20 | 2026-02-17 | COP | 1000{n} |
activate from 2026-02-11
run expect sent=50
expect mail to pagos@c7.example body ~ "FV-7"
expect mail to pagos@c49.example body ~ "FV-49"
expect 48 mails
