# One bad row and nothing of the file is booked; the error names line, field and remedy.  REQ: A6  INV: I11
company "Ferretería Andina" CO COP
clock 2026-02-17T08:00-05:00
customers
| code | name |
| C1 | Almacén Uno |
invoices refused line=3 field=due_date code=INVALID errors=1 rows=3
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-2 | C1 | 2026-01-20 | 2026-02-31 | COP | 100000 |
| F-3 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
expect no invoices
# both errors are told, not only the first
invoices refused line=4 field=amount errors=2
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-2 | C9 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-3 | C1 | 2026-01-20 | 2026-02-17 | COP | -5 |
expect no invoices
