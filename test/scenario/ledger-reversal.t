# A payment taken back opens the debt again; nothing is deleted.  REQ: I4  INV: I8 I9
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
pay C1 100000 invoice F-1 reference CHEQUE-9
run expect sent=0
expect no mail
reverse payment of C1
expect invoice F-1 open=100000
expect payment of C1 reference=CHEQUE-9 state=reversed
expect customer C1 open=100000 unapplied=0
run expect sent=1
expect mail to pagos@uno.example body ~ "100.000"
verify
