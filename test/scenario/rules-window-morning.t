# The house window opens at 08:00 debtor time: 07:59 waits, 08:00 goes.  REQ: B9  RULE: HOUSE-1
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
clock 2026-02-17T07:59:59-05:00
why F-1 expect WINDOW
run expect sent=0 held.WINDOW=1
expect no mail
clock 2026-02-17T08:00:00-05:00
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
