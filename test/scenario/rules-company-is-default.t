# An empty kind is a company: the house profile holds, also on Saturday morning.  REQ: B9
company "Ferretería Andina" CO COP
clock 2026-02-14T10:00:00-05:00
customers
| code | name | email | kind |
| C1 | Almacén Uno | pagos@uno.example | |
| P1 | Ana Gómez | ana@gente.example | person |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-14 | COP | 100000 |
| F-2 | P1 | 2026-01-20 | 2026-02-14 | COP | 100000 |
activate from 2026-02-14
run expect sent=1
expect mail to ana@gente.example body ~ "F-2"
