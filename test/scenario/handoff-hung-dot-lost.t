# Silence after the dot, and the server had not kept it: ambiguous until a person says not sent; then it goes again.  INV: I1 I3
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
conf smtp_timeout_s 2
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
smtp hang at dot lost once
run expect sent=0 ambiguous=1
expect no mail
advance 1 hour
run expect sent=0
expect no mail
settle pagos@uno.example as not-sent
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
