# The civil day is the company's: at 23:30 in Bogotá it is tomorrow in UTC, and still today here.  INV: I13
company "Ferretería Andina" CO COP
clock 2026-02-16T23:30-05:00
conf contact_profile none
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-17
run expect sent=0
expect no mail
advance 30 minutes
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
