# Money without a named invoice pays the oldest due first.  REQ: I4  INV: I8
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name |
| C1 | Almacén Uno |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-20 | COP | 100 |
| F-2 | C1 | 2026-01-20 | 2026-02-10 | COP | 100 |
| F-3 | C1 | 2026-01-20 | 2026-02-15 | COP | 100 |
pay C1 150
expect invoice F-2 open=0
expect invoice F-3 open=50
expect invoice F-1 open=100
expect payment of C1 amount=150 unapplied=0
pay C1 500
expect customer C1 open=0 unapplied=350
