# A day on which nothing ran is caught up the next time, by one message.  REQ: B1  INV: I14
company "Ferretería Andina" CO COP
clock 2026-02-10T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-01-01
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
# the machine is off from here; D0 (17) and D+7 (24) pass; it wakes on D+9
advance 16 days
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
expect 1 message sent step=claim-1 date=2026-02-26
expect no message sent step=d0
run expect sent=0
