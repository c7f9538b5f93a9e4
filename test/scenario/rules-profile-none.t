# Where no law is found and the profile is none, Sunday is a day like the others.  REQ: B9
company "Ferretería Andina" CO COP
clock 2026-02-15T21:00-05:00
conf contact_profile none
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-15 | COP | 100000 |
activate from 2026-02-15
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
