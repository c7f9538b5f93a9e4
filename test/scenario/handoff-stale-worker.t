# A worker frozen past its lease can no longer send: the one that took over does, once.  INV: I1 I22
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
run frozen at rcpt
advance 3 minutes
# it takes over, or gives way and leaves it to the next round
run expect exit=0|75
thaw
run
expect mail to pagos@uno.example body ~ "F-1"
expect no mail
