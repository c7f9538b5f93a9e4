# init over an existing installation is refused and changes nothing.  REQ: L12
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
fails 75 --json init --name Otra --country CO --currency COP
expect customer C1 name = "Almacén Uno"
