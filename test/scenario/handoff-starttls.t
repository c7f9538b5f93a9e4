# With STARTTLS and a password the mail goes over TLS; the password shows nowhere.  REQ: C1
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
file clave
> s3creta-clave
conf smtp_security starttls
conf smtp_user cobros
conf smtp_password_file @clave
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
smtp server tls=starttls auth=cobros:s3creta-clave
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
aldia health
expect out !~ "s3creta"
aldia --json message list
expect out !~ "s3creta"
