# Three identical payments, later four in the file: four are booked.  REQ: I5  INV: I10
company "Ferretería Andina" CO COP
clock 2026-02-17T08:00-05:00
customers
| code | name |
| C1 | Almacén Uno |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
payments expect rows=3 booked=3 duplicate=0
| customer_code | date | currency | amount | reference |
| C1 | 2026-02-10 | COP | 5000 | cuota |
| C1 | 2026-02-10 | COP | 5000 | cuota |
| C1 | 2026-02-10 | COP | 5000 | cuota |
payments expect rows=4 booked=1 duplicate=3
| customer_code | date | currency | amount | reference |
| C1 | 2026-02-10 | COP | 5000 | cuota |
| C1 | 2026-02-10 | COP | 5000 | cuota |
| C1 | 2026-02-10 | COP | 5000 | cuota |
| C1 | 2026-02-10 | COP | 5000 | cuota |
expect 4 payments
expect customer C1 open=80000
