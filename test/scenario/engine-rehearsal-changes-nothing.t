# A rehearsal of ninety days leaves nothing behind and reaches nobody.  REQ: B13
company "Ferretería Andina" CO COP
clock 2026-02-02T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
rehearse 90 days expect messages!=0 tasks!=0
expect rehearsed message date=2026-02-10 to=pagos@uno.example step=d-7
expect rehearsed message date=2026-02-17 step=d0
expect rehearsed message date=2026-02-24 step=claim-1 total=100000 items[0].number=F-1
expect rehearsed no message date=2026-02-11
expect rehearsed task customer=C1 date=2026-02-27
expect no messages
expect transactions 0
activate from 2026-02-02
rehearse 10 days expect messages=1 tasks=0
run expect sent=0
