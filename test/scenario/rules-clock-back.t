# A clock that goes back sends nothing and says so; forward again it goes on without repeating.  INV: I13
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
run expect sent=2
expect 2 mails
clock 2026-02-16T09:00-05:00
run expect sent=0 held.CLOCK_BACK!=0
expect no mail
clock 2026-02-17T08:59:00-05:00
run expect sent=0
expect no mail
clock 2026-02-24T09:00-05:00
run expect sent=2
expect 2 mails
expect 2 messages sent step=claim-1
