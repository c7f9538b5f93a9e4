# Back-off is 5, 15, 60 minutes, then every 4 hours, by the program's clock, and ends after two days.  INV: I2
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
smtp reply 451 try later at dot always
run expect deferred=1
advance 5 minutes
run expect deferred=1
expect transactions 2
advance 14 minutes
run
expect transactions 2
advance 1 minute
run
expect transactions 3
advance 59 minutes
run
expect transactions 3
advance 1 minute
run
expect transactions 4
advance 239 minutes
run
expect transactions 4
advance 1 minute
run
expect transactions 5
advance 3 days at 10:00
run expect sent=0 deferred=0
run expect sent=0 deferred=0
expect 1 message failed to pagos@uno.example
expect no mail
smtp normal
advance 1 day
run expect sent=0
expect no mail
