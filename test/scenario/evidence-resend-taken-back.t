# A choice to resend can be taken back; then the message is ambiguous again, and only that.  INV: I1
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-10 | COP | 100000 |
activate from 2026-02-11
smtp drop at dot lost once
run expect ambiguous=1
fails 75 message confirm @message:pagos@uno.example
fails 75 message cancel @message:pagos@uno.example
expect err ~ "not-sent"
settle pagos@uno.example as resend
cancel pagos@uno.example planned
expect 1 message ambiguous to pagos@uno.example
run expect sent=0
expect no mail
settle pagos@uno.example as not-sent
expect 1 message failed to pagos@uno.example reason=SETTLED_NOT_SENT
aldia --json message show @message:pagos@uno.example
expect json history[kind=message.settled].data.as = resend
