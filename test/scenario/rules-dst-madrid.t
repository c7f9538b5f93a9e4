# Madrid in the night of 29 March and of 25 October 2026: no step lost, none twice.  INV: I13
company "Exportadora Ibérica" ES EUR
clock 2026-03-27T09:00+01:00
customers
| code | name | email | zone |
| C1 | Almacén Uno | pagos@uno.example | Europe/Madrid |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-03-01 | 2026-03-30 | EUR | 100.10 |
| F-2 | C1 | 2026-09-01 | 2026-10-26 | EUR | 200.20 |
activate from 2026-03-27
# Monday 30 March: 08:00 by the new time is 06:00 UTC
clock 2026-03-30T07:59:59+02:00
run expect sent=0
clock 2026-03-30T08:00:00+02:00
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
pay C1 100.10 invoice F-1
clock 2026-10-23T09:00+02:00
run expect sent=1
ignore mail
clock 2026-10-26T07:59:59+01:00
run expect sent=0
clock 2026-10-26T08:00:00+01:00
run expect sent=1
expect mail to pagos@uno.example body ~ "F-2" body ~ "200,20"
expect 1 message sent step=d0 date=2026-10-26
