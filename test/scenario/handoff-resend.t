# A person who chooses to send an ambiguous message again sends the same bytes under the same Message-ID.  INV: I1 I3 I7
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
smtp drop at dot kept once
run expect ambiguous=1
expect mail to pagos@uno.example body ~ "F-1"
settle pagos@uno.example as resend
advance 10 minutes
run expect sent=1
expect mail resent to pagos@uno.example
advance 1 hour
run expect sent=0
expect no mail
