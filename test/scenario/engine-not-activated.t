# Before activation nothing is ever sent, however late it is.  REQ: B16
company "Ferretería Andina" CO COP
clock 2026-02-24T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
why F-1 expect NOT_ACTIVATED
run expect planned=0 sent=0
advance 7 days
run expect planned=0 sent=0
expect no mail
expect transactions 0
