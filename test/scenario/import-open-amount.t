# A lower open amount at the first import books the difference as settled before.  REQ: A6  INV: I8
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount | open_amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 | 41234 |
| F-2 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 | 0 |
activate from 2026-02-11
expect invoice F-1 open=41234 amount=100000
expect invoice F-2 open=0 state=paid
expect no payments
run expect sent=1
expect mail to pagos@uno.example body ~ "41.234" body !~ "F-2"
