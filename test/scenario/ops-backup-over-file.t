# A backup is never written over an existing file, and holds no secret.  REQ: L12
only sqlite "on PostgreSQL the server's own tools back up"
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
file clave
> s3creta-clave
conf smtp_user cobros
conf smtp_password_file @clave
aldia backup @b.aldia
fails 75 --json backup @b.aldia
expect bytes of b.aldia lack s3creta-clave
