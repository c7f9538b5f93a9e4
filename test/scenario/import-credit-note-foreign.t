# A credit note settles only its own customer's invoices, in their currency.  REQ: I4  INV: I8 I11 I16
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name |
| C1 | Almacén Uno |
| C2 | Depósito Dos |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100 |
invoices refused line=2 field=applies_to
| number | customer_code | issue_date | due_date | currency | amount | type | applies_to |
| NC-1 | C2 | 2026-01-20 | 2026-02-17 | COP | 30 | credit_note | F-1 |
invoices refused line=2 field=applies_to
| number | customer_code | issue_date | due_date | currency | amount | type | applies_to |
| NC-2 | C1 | 2026-01-20 | 2026-02-17 | USD | 30 | credit_note | F-1 |
expect invoice F-1 open=100
