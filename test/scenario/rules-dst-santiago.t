# Chile sets its clocks back on 5 April 2026: every step on its civil day, once.  INV: I13
company "Tienda Austral" CL CLP
clock 2026-04-03T09:00-03:00
customers
| code | name | email | zone |
| C1 | Almacén Uno | pagos@uno.example | America/Santiago |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-03-01 | 2026-04-06 | CLP | 100000 |
activate from 2026-03-31
rehearsal equals runs 35 days
