# Five thousand invoices in one file: booked together, line numbers right to the last.  REQ: A6  INV: I11
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name |
| C1 | Almacén Uno |
invoices refused line=5002 field=amount errors=1
| number | customer_code | issue_date | due_date | currency | amount |
| F-{1..5000} | C1 | 2026-01-20 | 2026-02-17 | COP | {n} |
| F-5001 | C1 | 2026-01-20 | 2026-02-17 | COP | x |
expect no invoices
invoices expect rows=5000 booked=5000
| number | customer_code | issue_date | due_date | currency | amount |
| F-{1..5000} | C1 | 2026-01-20 | 2026-02-17 | COP | {n} |
expect customer C1 open=12502500
