# A clock that jumps a year ahead gives one message per customer, not fifty.  REQ: B1  INV: I13 I14
company "Ferretería Andina" CO COP
clock 2026-02-10T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-2 | C1 | 2026-01-20 | 2026-02-27 | COP | 100000 |
| F-3 | C2 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-10
run expect sent=2
expect 2 mails
clock 2027-02-10T09:00-05:00
run expect sent=2
expect 2 mails
run expect sent=0
expect no mail
