# A dry run tells everything and books nothing.  REQ: A6
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers dry run expect rows=1 booked=1
| code | name |
| C1 | Almacén Uno |
expect no customers
customers
| code | name |
| C1 | Almacén Uno |
invoices dry run expect rows=1 booked=1
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
expect no invoices
