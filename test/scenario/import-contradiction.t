# A row that contradicts an earlier one is reported at the later line.  REQ: A6  INV: I11
company "Ferretería Andina" CO COP
clock 2026-02-17T08:00-05:00
customers
| code | name |
| C1 | Almacén Uno |
| C2 | Depósito Dos |
invoices refused line=4 errors=1
| number | customer_code | issue_date | due_date | currency | amount | instalment |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100 | 1 |
| F-2 | C1 | 2026-01-20 | 2026-02-17 | COP | 100 | 1 |
| F-1 | C2 | 2026-01-20 | 2026-03-17 | COP | 100 | 2 |
invoices refused line=3 field=currency
| number | customer_code | issue_date | due_date | currency | amount | instalment |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100 | 1 |
| F-1 | C1 | 2026-01-20 | 2026-03-17 | USD | 100 | 2 |
expect no invoices
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100 |
# a later file with another amount for the same number is a conflict, not a second invoice
invoices refused line=2 field=amount
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 150 |
expect invoice F-1 amount=100 open=100
