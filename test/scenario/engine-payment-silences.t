# A payment that arrives before the reminder silences it.  REQ: B10  INV: I5
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
expect mail to pagos@uno.example body ~ "F-1" body ~ "100.000"
pay C1 100000 invoice F-1
expect invoice F-1 open=0 state=paid
expect customer C1 open=0 overdue=0 unapplied=0
advance 7 days
run expect sent=0
expect no mail
advance 7 days
run expect sent=0
expect no mail
