# A customer in net credit is not reminded.  REQ: B10
company "Ferretería Andina" CO COP
clock 2026-02-24T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount | type |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 | invoice |
| NC-1 | C1 | 2026-02-01 | 2026-02-01 | COP | 150000 | credit_note |
activate from 2026-01-01
expect customer C1 open=100000 unapplied=150000
why F-1 expect NET_CREDIT
run expect sent=0
expect no mail
