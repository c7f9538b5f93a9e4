# An invoice nobody pays walks the whole default strategy, one step a day at most.  REQ: B1 B2 B3 D1
company "Ferretería Andina" CO COP
clock 2026-01-20T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-01-20
# issue date
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
expect 1 message sent step=issue date=2026-01-20
# D-8, D-7
advance 20 days
run expect sent=0
advance 1 day
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
# D0
advance 6 days
run expect sent=0
advance 1 day
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
# D+7
advance 7 days
run expect sent=1 tasks=0
expect mail to pagos@uno.example body ~ "F-1"
expect 1 message sent step=claim-1 date=2026-02-24
# D+10: the call, since nobody answered
advance 3 days
run expect sent=0 tasks=1
expect no mail
# D+14, D+21
advance 4 days
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
advance 7 days
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
# D+30: the proposal to suspend waits for a person, no mail
advance 9 days
run expect sent=0
expect no mail
advance 30 days
run
run
expect 6 messages sent
expect no mail
