# Restoring over existing data is refused.  REQ: L12
only sqlite "on PostgreSQL the server's own tools restore"
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
backup b.aldia
pay C1 40000
restore b.aldia into same fails 75
expect customer C1 open=60000
run expect sent=2
expect 2 mails
