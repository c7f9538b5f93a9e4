# A customer who cannot be written to makes a task, not a silence; with the address the message goes.  REQ: B4
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-01-01
why F-1 expect NO_ADDRESS
run expect sent=0 tasks=1
expect no mail
run expect tasks=0
customers expect booked=1
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
advance 1 day
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
