# Steps scheduled before the activation date are never sent; the date itself counts.  REQ: B16
company "Ferretería Andina" CO COP
clock 2026-02-10T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
| C3 | Comercial Tres | pagos@tres.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2025-11-20 | 2026-01-10 | COP | 100000 |
| F-2 | C2 | 2026-01-10 | 2026-02-16 | COP | 100000 |
| F-3 | C3 | 2026-01-10 | 2026-02-17 | COP | 100000 |
activate from 2026-02-10
why F-1 expect BEFORE_ACTIVATION
why F-2 expect BEFORE_ACTIVATION
run expect sent=1
expect mail to pagos@tres.example body ~ "F-3"
expect no mail to pagos@uno.example
# F-2: D-7 lay one day before activation, D0 does not
advance 6 days
run expect sent=1
expect mail to pagos@dos.example body ~ "F-2"
