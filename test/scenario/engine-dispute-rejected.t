# A disputed invoice takes no reminder; rejected, it comes back with one catch-up message.  REQ: G1  INV: I6
company "Ferretería Andina" CO COP
clock 2026-02-10T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-01-01
dispute F-1 "mercancía incompleta"
expect invoice F-1 state=disputed open=100000
why F-1 expect DISPUTE
run expect sent=0
advance 7 days
run expect sent=0
advance 7 days
run expect sent=0
expect no mail
close dispute F-1 rejected
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
expect 1 message sent step=claim-1
advance 1 day
run expect sent=0
