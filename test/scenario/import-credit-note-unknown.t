# A credit note for an invoice nobody knows is refused, in part or whole; no row is both booked and rejected.  REQ: A6 I4  INV: I11
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name |
| C1 | Almacén Uno |
invoices refused line=3 field=applies_to errors=1
| number | customer_code | issue_date | due_date | currency | amount | type | applies_to |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100 | invoice | |
| NC-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 30 | credit_note | F-9 |
expect no invoices
invoices partial expect rows=2 booked=1 rejected=1
| number | customer_code | issue_date | due_date | currency | amount | type | applies_to |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100 | invoice | |
| NC-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 30 | credit_note | F-9 |
expect 1 invoice
expect customer C1 open=100 unapplied=0
