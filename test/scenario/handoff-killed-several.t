# Killed in the middle of several: the others go in the next run, none twice.  INV: I1 I2
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
conf smtp_connections 1
customers
| code | name | email |
| C{1..9} | Cliente {n} | pagos@c{n}.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-{1..9} | C{n} | 2026-01-20 | 2026-02-17 | COP | 100{n} |
activate from 2026-02-11
run killed at rcpt
run expect sent=9 failed=0
expect 9 mails
run expect sent=0
