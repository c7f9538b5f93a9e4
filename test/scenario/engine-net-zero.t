# A net of zero counts as not owed.  REQ: B10
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount | type |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 | invoice |
| NC-1 | C1 | 2026-02-01 | 2026-02-01 | COP | 100000 | credit_note |
activate from 2026-01-01
why F-1 expect NET_CREDIT
run expect sent=0
advance 7 days
run expect sent=0
expect no mail
# one peso more is owed again
invoices
| number | customer_code | issue_date | due_date | currency | amount | type |
| F-2 | C1 | 2026-01-25 | 2026-02-20 | COP | 1 | invoice |
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
