# A payment is acknowledged while a hand-over is stuck at the server.  REQ: B10  INV: I4
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
conf smtp_connections 1
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-2 | C2 | 2026-01-20 | 2026-02-17 | COP | 200000 |
activate from 2026-02-11
run paused at data
pay C2 200000 invoice F-2
expect invoice F-2 open=0
continue expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
expect no mail to pagos@dos.example
