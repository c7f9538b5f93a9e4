# When no data came in for too long, aldia waits for it rather than chase what may be paid.  REQ: B10
company "Ferretería Andina" CO COP
clock 2026-02-13T09:00-05:00
conf stale_data_hours 48
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
advance 4 days
why F-1 expect STALE_DATA
run expect sent=0 held.STALE_DATA=1
expect no mail
payments expect booked=1
| customer_code | date | currency | amount |
| C1 | 2026-02-16 | COP | 40000 |
run expect sent=1
expect mail to pagos@uno.example body ~ "60.000"
