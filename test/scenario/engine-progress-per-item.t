# Reminding one invoice does not silence the others: each keeps its own progress.  REQ: B7
company "Ferretería Andina" CO COP
clock 2026-02-24T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-11 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-12 | C1 | 2026-01-20 | 2026-02-20 | COP | 250000 |
activate from 2026-01-01
run expect sent=1
expect mail to pagos@uno.example body ~ "F-11" body ~ "F-12"
# F-12 reaches D+7 on Friday 27: F-11 was claimed on Tuesday, which does not matter
advance 3 days
run expect sent=1
expect mail to pagos@uno.example body ~ "F-12" body ~ "F-11"
expect 2 messages sent step=claim-1
pay C1 100000 invoice F-11
advance 7 days
run expect sent=1
expect mail to pagos@uno.example body ~ "F-12" body !~ "F-11"
