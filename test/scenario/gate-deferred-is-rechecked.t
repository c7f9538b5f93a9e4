# A deferred message is judged again by the ledger when its time comes.  REQ: B9 B10  INV: I5
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
smtp reply 451 later at dot always
run expect deferred=2
pay C1 100000 invoice F-1
smtp normal
advance 5 minutes
run expect sent=1
expect mail to pagos@dos.example body ~ "F-2"
expect no mail to pagos@uno.example
