# The instalment is what is chased: each has its own day.  REQ: A2 B1
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices expect rows=3 booked=3
| number | customer_code | issue_date | due_date | currency | amount | instalment |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 | 1 |
| F-1 | C1 | 2026-01-20 | 2026-03-17 | COP | 110000 | 2 |
| F-1 | C1 | 2026-01-20 | 2026-04-16 | COP | 120000 | 3 |
activate from 2026-02-17
expect invoice F-1 instalment=2 amount=110000 due_date=2026-03-17
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1" body ~ "100.000"
pay C1 100000 invoice F-1
expect invoice F-1 instalment=1 open=0
expect invoice F-1 instalment=2 open=110000
advance 7 days
run expect sent=0
advance 14 days
# Tuesday 10 March: D-7 of the second
run expect sent=1
expect mail to pagos@uno.example body ~ "110.000"
expect 1 message sent step=d-7 items[0].instalment=2
