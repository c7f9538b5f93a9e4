# A credit note larger than its invoice leaves the rest unapplied.  REQ: I4  INV: I8
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name |
| C1 | Almacén Uno |
invoices expect booked=2
| number | customer_code | issue_date | due_date | currency | amount | type | applies_to |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 | invoice | |
| NC-1 | C1 | 2026-02-01 | 2026-02-01 | COP | 130000 | credit_note | F-1 |
expect invoice F-1 open=0
expect invoice NC-1 open=30000 type=credit_note
expect customer C1 open=0 unapplied=30000
