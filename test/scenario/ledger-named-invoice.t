# A payment for a named invoice pays its oldest open instalment first; the rest stays unapplied.  REQ: I4  INV: I8
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name |
| C1 | Almacén Uno |
invoices
| number | customer_code | issue_date | due_date | currency | amount | instalment |
| F-1 | C1 | 2026-01-20 | 2026-03-10 | COP | 100 | 2 |
| F-1 | C1 | 2026-01-20 | 2026-02-10 | COP | 100 | 1 |
| F-2 | C1 | 2026-01-01 | 2026-02-01 | COP | 100 | 1 |
pay C1 150 invoice F-1
expect invoice F-1 instalment=1 open=0
expect invoice F-1 instalment=2 open=50
expect invoice F-2 open=100
pay C1 80 invoice F-1
expect invoice F-1 instalment=2 open=0
expect invoice F-2 open=100
expect customer C1 open=100 unapplied=30
