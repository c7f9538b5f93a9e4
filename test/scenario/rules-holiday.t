# Monday 23 March 2026 is a holiday in Colombia: the message goes on Tuesday.  REQ: B9
company "Ferretería Andina" CO COP
clock 2026-03-23T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-03-23 | COP | 100000 |
activate from 2026-03-23
why F-1 expect HOLIDAY
run expect sent=0 held.HOLIDAY=1
expect no mail
advance 1 day
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
