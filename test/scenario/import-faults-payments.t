# Each fault of a payment file is refused with its line and field.  REQ: A6  INV: I11
company "Ferretería Andina" CO COP
clock 2026-02-17T08:00-05:00
customers
| code | name |
| C1 | Almacén Uno |
| C2 | Depósito Dos |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100 |
payments refused line=2 field=invoice_number
| customer_code | date | currency | amount | invoice_number |
| C1 | 2026-02-10 | COP | 100 | F-9 |
payments refused line=2 field=invoice_number
| customer_code | date | currency | amount | invoice_number |
| C2 | 2026-02-10 | COP | 100 | F-1 |
payments refused line=2 field=amount
| customer_code | date | currency | amount |
| C1 | 2026-02-10 | COP | 0 |
payments refused line=2 field=amount
| customer_code | date | currency | amount |
| C1 | 2026-02-10 | COP | -1 |
payments refused line=2 field=customer_code
| customer_code | date | currency | amount |
| C7 | 2026-02-10 | COP | 1 |
payments refused line=3 field=date
| customer_code | date | currency | amount |
| C1 | 2026-02-10 | COP | 1 |
| C1 | 2026-02-30 | COP | 1 |
expect no payments
expect customer C1 open=100
