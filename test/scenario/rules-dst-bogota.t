# Bogotá has no summer time: a year of days runs even.  INV: I13
company "Ferretería Andina" CO COP
clock 2026-10-26T09:00-05:00
customers
| code | name | email | zone |
| C1 | Almacén Uno | pagos@uno.example | America/Bogota |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-10-20 | 2026-11-05 | COP | 100000 |
activate from 2026-10-26
rehearsal equals runs 40 days
