# A rehearsal that begins later lives through the days before: what they send is behind it.  REQ: B13
company "Ferretería Andina" CO COP
clock 2026-02-10T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-10
rehearse 10 days from 2026-02-18 expect messages=1
expect rehearsed message date=2026-02-24 step=claim-1
rehearse 1 days from 2026-02-17 expect messages=1
fails 65 strategy rehearse --days 0
expect err ~ "days must be from 1"
