# A receiving domain is written to no faster than the company wants; the others do not wait for it.  REQ: C1
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
conf mail_domain_per_minute 90
conf mail_domain_connections 1
customers
| code | name | email |
| C1 | Almacén Uno | uno@lento.example |
| C2 | Depósito Dos | dos@lento.example |
| C3 | Casa Tres | tres@lento.example |
| C4 | Casa Cuatro | cuatro@otro.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-2 | C2 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-3 | C3 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-4 | C4 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-17
run expect sent=4
expect 4 mails
