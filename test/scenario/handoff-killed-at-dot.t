# Killed while the answer to the dot is awaited: ambiguous, never repeated.  INV: I1 I3 I4
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
run killed at dot
run expect sent=0
expect 1 message ambiguous to pagos@uno.example
advance 1 day
run expect sent=0
expect no mail
