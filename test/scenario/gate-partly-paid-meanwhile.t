# Partly paid between plan and hand-over: the mail carries what is open at T.  REQ: B10  INV: I5 I7
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
run paused at rcpt
pay C1 58766 invoice F-1
continue
run
expect mail to pagos@uno.example body ~ "41.234" body !~ "100.000"
expect 1 message sent total=41234
