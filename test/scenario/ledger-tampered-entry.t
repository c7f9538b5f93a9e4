# An entry changed behind aldia's back breaks the chain.  INV: I9
only sqlite "tampering is done with SQLite's own tool"
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-2 | C2 | 2026-01-20 | 2026-02-17 | COP | 200000 |
activate from 2026-02-11
pay C1 40000
verify
tamper entry UPDATE TABLE SET date = date - 1 WHERE id = (SELECT max(id) FROM entry)
verify finds entry
