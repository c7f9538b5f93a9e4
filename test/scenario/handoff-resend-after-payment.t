# Between the choice to resend and the hand-over the debt is paid: nothing is sent.  INV: I5
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
smtp drop at dot lost once
run expect ambiguous=1
settle pagos@uno.example as resend
pay C1 100000 invoice F-1
run expect sent=0
expect no mail
