# What the rehearsal shows is what the runs then send, message by message.  REQ: B13
company "Ferretería Andina" CO COP
clock 2026-02-02T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-2 | C2 | 2026-02-02 | 2026-03-04 | COP | 200000 |
activate from 2026-02-01
rehearsal equals runs 50 days
