# An accepted dispute leaves the amount to a credit note; until then no reminder.  REQ: G1
company "Ferretería Andina" CO COP
clock 2026-02-16T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount | type | applies_to |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 | invoice | |
activate from 2026-02-17
dispute F-1 "precio equivocado"
close dispute F-1 accepted
invoices
| number | customer_code | issue_date | due_date | currency | amount | type | applies_to |
| NC-1 | C1 | 2026-02-16 | 2026-02-16 | COP | 100000 | credit_note | F-1 |
expect invoice F-1 open=0
advance 1 day
run expect sent=0
advance 7 days
run expect sent=0
expect no mail
