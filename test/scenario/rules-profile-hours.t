# The profile of hours keeps the window and drops the caps.  REQ: B9
company "Ferretería Andina" CO COP
clock 2026-02-16T07:00-05:00
conf contact_profile hours
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-16 | COP | 100000 |
| F-2 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-3 | C1 | 2026-01-20 | 2026-02-18 | COP | 100000 |
activate from 2026-02-16
run expect sent=0 held.WINDOW=1
clock 2026-02-16T09:00-05:00
run expect sent=1
advance 1 day
run expect sent=1
advance 1 day
run expect sent=1
expect 3 mails
