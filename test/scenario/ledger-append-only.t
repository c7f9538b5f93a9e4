# The database itself refuses to change or remove entries and events.  INV: I9
only sqlite "asked with SQLite's own tool"
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
refuses UPDATE entry SET amount = 0
refuses DELETE FROM entry
refuses UPDATE event SET actor = 'nobody'
refuses DELETE FROM event
verify
