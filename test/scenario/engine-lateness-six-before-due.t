# The D-7 notice may come as late as the day before the due date, not on it: D0 takes over.  REQ: B1
company "Ferretería Andina" CO COP
clock 2026-02-16T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-2 | C2 | 2026-01-20 | 2026-02-16 | COP | 200000 |
activate from 2026-01-01
run expect sent=2
expect mail to pagos@uno.example body ~ "F-1"
expect mail to pagos@dos.example body ~ "F-2"
expect 1 message sent to pagos@uno.example step=d-7
expect 1 message sent to pagos@dos.example step=d0
