# No sum over what is booked can overflow: what would let one is refused as a whole, and the company goes on.  REQ: A6 INV: I5
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-{1..22} | C1 | 2026-01-20 | 2026-02-10 | COP | 999999999999999.99 |
invoices refused field=amount
| number | customer_code | issue_date | due_date | currency | amount |
| G-{1..4} | C1 | 2026-01-20 | 2026-02-10 | COP | 999999999999999.99 |
fails 65 --json payment record --customer C1 --date 2026-02-17 --currency COP --amount 999999999999999.99
expect err ~ "\"field\":\"amount\""
payments refused line=4 field=amount
| customer_code | date | currency | amount | external_id |
| C1 | 2026-02-17 | COP | 0.10 | a |
| C1 | 2026-02-17 | COP | 0.10 | b |
| C1 | 2026-02-17 | COP | 999999999999999.99 | c |
pay C1 1000.50
expect customer C1 open=21999999999998999.28 overdue=21999999999998999.28
aldia --json customer show C1
aldia --json statement show C1
aldia --json report ageing
aldia --json portfolio
aldia --json today
aldia --json figures list
aldia --json strategy rehearse --days 5
activate from 2026-02-11
run
ignore mail
aldia --json figures list
aldia --json why C1
expect 22 invoices
