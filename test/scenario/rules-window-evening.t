# Half-open: 18:59:59 passes, 19:00:00 is tomorrow's.  REQ: B9  RULE: HOUSE-1
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
clock 2026-02-17T19:00:00-05:00
run expect sent=0 held.WINDOW=2
expect no mail
clock 2026-02-18T18:59:59-05:00
run expect sent=2
expect 2 mails
