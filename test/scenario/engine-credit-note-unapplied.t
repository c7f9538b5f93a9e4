# An unapplied credit is shown in the text and lowers the net.  REQ: B7 I4
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount | type |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 | invoice |
| NC-1 | C1 | 2026-02-01 | 2026-02-01 | COP | 30125 | credit_note |
activate from 2026-01-01
expect customer C1 open=100000 unapplied=30125
run expect sent=1
expect mail to pagos@uno.example body ~ "100.000" body ~ "30.125"
