# Two files that overlap book each row once.  REQ: A6  INV: I10
company "Ferretería Andina" CO COP
clock 2026-02-17T08:00-05:00
customers
| code | name |
| C1 | Almacén Uno |
invoices expect booked=3
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 1000 |
| F-2 | C1 | 2026-01-20 | 2026-02-17 | COP | 2000 |
| F-3 | C1 | 2026-01-20 | 2026-02-17 | COP | 3000 |
invoices expect rows=3 booked=1 duplicate=2
| number | customer_code | issue_date | due_date | currency | amount |
| F-2 | C1 | 2026-01-20 | 2026-02-17 | COP | 2000 |
| F-3 | C1 | 2026-01-20 | 2026-02-17 | COP | 3000 |
| F-4 | C1 | 2026-01-20 | 2026-02-17 | COP | 4000 |
payments expect booked=2
| customer_code | date | currency | amount | external_id |
| C1 | 2026-02-10 | COP | 1000 | B1 |
| C1 | 2026-02-11 | COP | 500 | B2 |
payments expect booked=1 duplicate=1
| customer_code | date | currency | amount | external_id |
| C1 | 2026-02-11 | COP | 500 | B2 |
| C1 | 2026-02-12 | COP | 700 | B3 |
expect 4 invoices
expect 3 payments
expect customer C1 open=7800
