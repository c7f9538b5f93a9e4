# A credit note that names its invoice lowers what is demanded at once.  REQ: A2 I4
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount | type | applies_to |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 | invoice | |
| NC-1 | C1 | 2026-02-01 | 2026-02-01 | COP | 30000 | credit_note | F-1 |
activate from 2026-01-01
expect invoice F-1 open=70000
expect customer C1 open=70000 unapplied=0
run expect sent=1
expect mail to pagos@uno.example body ~ "70.000" body !~ "NC-1"
