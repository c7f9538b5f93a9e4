# Calls and mails are two ladders: neither swallows the other.  REQ: B3
company "Ferretería Andina" CO COP
clock 2026-02-24T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-01-01
run expect sent=1 tasks=0
expect mail to pagos@uno.example body ~ "F-1"
# D+15: the second claim and the call of D+10 are both due
advance 8 days
run expect sent=1 tasks=1
expect mail to pagos@uno.example body ~ "F-1"
expect 1 message sent step=claim-2
run expect sent=0 tasks=0
expect no mail
