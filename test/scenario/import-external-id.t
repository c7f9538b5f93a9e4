# One external id books once, in a file and by hand.  REQ: A6  INV: I10
company "Ferretería Andina" CO COP
clock 2026-02-17T08:00-05:00
customers
| code | name |
| C1 | Almacén Uno |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
pay C1 30000 external BANCO-1
payments expect booked=1 duplicate=1
| customer_code | date | currency | amount | external_id |
| C1 | 2026-02-17 | COP | 30000 | BANCO-1 |
| C1 | 2026-02-17 | COP | 30000 | BANCO-2 |
expect customer C1 open=40000
expect 2 payments
