# Bytes that no longer say what is owed are not handed over again: the message stays ambiguous, with the reason.  INV: I1 I5
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-10 | COP | 100000 |
activate from 2026-02-11
smtp drop at dot kept once
run expect ambiguous=1
expect mail to pagos@uno.example body ~ "F-1"
settle pagos@uno.example as resend
expect 1 message planned to pagos@uno.example reason=RESEND
pay C1 40000 invoice F-1
run expect sent=0 held.AMOUNT_CHANGED=1
expect no mail
expect 1 message ambiguous to pagos@uno.example reason=AMOUNT_CHANGED
settle pagos@uno.example as sent
expect 1 message settled to pagos@uno.example
