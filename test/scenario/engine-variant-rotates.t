# The same customer never gets the same text twice running.  REQ: D4
company "Ferretería Andina" CO COP
clock 2026-02-24T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-24
run expect sent=1
advance 7 days
run expect sent=1
expect 2 different mails to pagos@uno.example
