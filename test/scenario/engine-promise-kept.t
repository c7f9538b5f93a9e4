# A promise that is kept is followed by silence.  REQ: F2
company "Ferretería Andina" CO COP
clock 2026-02-23T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-20
promise C1 100000 by 2026-02-26 invoice F-1
advance 2 days
pay C1 100000 invoice F-1
advance 5 days
run expect sent=0
advance 10 days
run expect sent=0
expect no mail
