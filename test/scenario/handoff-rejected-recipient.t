# 550 to the recipient: failed for good, a task to mend the address, never tried again.  REQ: B10 C9  INV: I3
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-2 | C2 | 2026-01-20 | 2026-02-17 | COP | 200000 |
activate from 2026-02-11
smtp reply 550 no such user at rcpt for pagos@uno.example
run expect sent=1 failed=1 ambiguous=0 exit=0
expect mail to pagos@dos.example body ~ "F-2"
expect 1 message failed to pagos@uno.example
smtp normal
advance 1 hour
run expect sent=0
advance 1 day
run expect sent=0
expect no mail
# the next step, to a mended address, goes
customers
| code | name | email |
| C1 | Almacén Uno | cuentas@uno.example |
advance 6 days
run expect sent=2
expect mail to cuentas@uno.example body ~ "F-1"
expect mail to pagos@dos.example body ~ "F-2"
