# A refused password defers and does not cost the message; the password is never shown.  REQ: C1  INV: I3
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
file clave
> equivocada-77
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
run expect exit=0|69 sent=0 failed=0 ambiguous=0
expect err !~ "equivocada"
expect 1 message deferred to pagos@uno.example
file clave
> s3creta-clave
advance 5 minutes
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
