# The notice seven days before the due date goes on its day, not before, and once.  REQ: B1 B7  INV: I1
company "Ferretería Andina" CO COP
clock 2026-02-09T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices expect rows=1 booked=1 duplicate=0
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-01-01
run expect sent=0
expect no mail
advance 1 day
run expect sent=1 failed=0 ambiguous=0
expect mail to pagos@uno.example body ~ "F-1" body ~ "100.000" body ~ "Almacén Uno" html ~ "F-1"
expect 1 message sent to pagos@uno.example step=d-7 date=2026-02-10 total=100000 currency=COP
run expect planned=0 sent=0
expect no mail
