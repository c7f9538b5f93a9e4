# One of two invoices is paid meanwhile: the mail speaks of the other only.  REQ: B10  INV: I5 I7
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-11 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-12 | C1 | 2026-01-20 | 2026-02-17 | COP | 250000 |
activate from 2026-02-11
run paused at rcpt
pay C1 100000 invoice F-11
continue
run
expect mail to pagos@uno.example body ~ "F-12" body ~ "250.000" body !~ "F-11" body !~ "350.000"
expect 1 message sent total=250000
