# An invoice dated in the future is neither reminded nor listed.  REQ: A2
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-11 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-12 | C1 | 2026-02-20 | 2026-02-24 | COP | 250000 |
activate from 2026-01-01
run expect sent=1
expect mail to pagos@uno.example body ~ "F-11" body !~ "F-12"
