# The address changes between plan and hand-over: nothing goes to the old one, the new one gets it.  REQ: B10  INV: I16
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
run paused at rcpt
customers expect booked=1
| code | name | email |
| C1 | Almacén Uno | cuentas@uno.example |
continue expect ambiguous=0 failed=0
expect no mail to pagos@uno.example
expect 1 message refused to pagos@uno.example reason=RECIPIENT_CHANGED
# in the same run or the next
run
expect mail to cuentas@uno.example body ~ "F-1"
