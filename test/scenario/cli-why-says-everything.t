# why names the step, the day and every reason, for an invoice and for a customer.  REQ: B13
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-2 | C2 | 2026-01-20 | 2026-02-17 | COP | 200000 |
activate from 2026-02-11
pay C2 200000
why F-1 expect verdict=send DUE
why C1 expect verdict=send DUE
why F-2 expect verdict=none NOTHING_OPEN
why F-1 on 2026-02-20 expect verdict=none
why F-1 on 2026-02-24 expect verdict=send DUE
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
why F-1 expect verdict=none PERFORMED
