# Money without a named invoice does not pay disputed instalments while others are open.  REQ: I4 G1  INV: I8
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name |
| C1 | Almacén Uno |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-01 | 2026-02-01 | COP | 100 |
| F-2 | C1 | 2026-01-20 | 2026-02-10 | COP | 100 |
dispute F-1 "no llegó"
pay C1 100
expect invoice F-1 open=100
expect invoice F-2 open=0
