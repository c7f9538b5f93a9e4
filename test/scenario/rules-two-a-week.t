# At most two written messages in a rolling week; exactly 168 hours later is outside.  REQ: B9 B10
company "Ferretería Andina" CO COP
clock 2026-02-16T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-16 | COP | 100000 |
| F-2 | C1 | 2026-01-20 | 2026-02-18 | COP | 100000 |
| F-3 | C1 | 2026-01-20 | 2026-02-20 | COP | 100000 |
activate from 2026-02-16
run expect sent=1
advance 2 days
run expect sent=1
expect 2 mails
# Friday: the third would be the third within seven days
advance 2 days
why F-3 expect CAP
run expect sent=0 held.CAP=1
expect no mail
# Monday 09:00, 168 hours after the first; 08:59:59 is still inside
clock 2026-02-23T08:59:59-05:00
run expect sent=0
expect no mail
clock 2026-02-23T09:00:00-05:00
run expect sent=1
expect mail to pagos@uno.example body ~ "F-3"
