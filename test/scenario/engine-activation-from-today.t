# Activation without a date begins today: yesterday's step is left out, today's goes.  REQ: B16
company "Ferretería Andina" CO COP
clock 2026-02-24T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-16 | COP | 100000 |
| F-2 | C2 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate
run expect sent=1
expect mail to pagos@dos.example body ~ "F-2"
advance 1 day
run expect sent=0
expect no mail
