# Killed before the body: the next run takes over at once and sends once.  INV: I1 I2 I4
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
run killed at rcpt
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
run expect sent=0
