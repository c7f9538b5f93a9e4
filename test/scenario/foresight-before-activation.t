# Before activation the rehearsal shows what activating on its first day would lead to, and says that it assumes so.  REQ: B13 B16
company "Ferretería Andina" CO COP
clock 2026-02-16T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
rehearse 30 days expect messages=4 counts.assumed_watermark=2026-02-16 counts.by_channel.email=4
expect rehearsed message date=2026-02-17 step=d0
expect rehearsed no message date=2026-02-16
why F-1 expect verdict=none NOT_ACTIVATED
activate from 2026-02-16
rehearse 30 days expect messages=4 counts.assumed_watermark=null
rehearsal equals runs 30 days
