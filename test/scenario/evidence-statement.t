# A statement tells every movement, what was open on any day and what was left over; its balance is what ageing adds up to.  REQ: A4
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount | type | applies_to |
| F-1 | C1 | 2026-01-05 | 2026-01-20 | COP | 100000 | invoice | |
| F-2 | C1 | 2026-01-20 | 2026-02-17 | COP | 50000 | invoice | |
| F-3 | C1 | 2026-01-20 | 2026-03-17 | USD | 30 | invoice | |
| NC-1 | C1 | 2026-02-01 | 2026-02-01 | COP | 20000 | credit_note | F-1 |
| NC-2 | C1 | 2026-02-02 | 2026-02-02 | COP | 5000 | credit_note | |
| F-9 | C2 | 2026-01-20 | 2026-02-10 | COP | 700 | invoice | |
pay C1 90000 invoice F-1 on 2026-02-10 reference R-77
aldia --json statement show C1
expect json balances[currency=COP].balance = 50000
expect json balances[currency=COP].overdue = 0
expect json balances[currency=COP].unapplied = 15000
expect json balances[currency=COP].net = 35000
expect json balances[currency=USD].balance = 30
expect json open.length = 2
expect json items[kind=received].amount = -90000
expect json items[kind=received].change = 0
expect json items[kind=allocation].change = -80000
expect json items[kind=credit].reference = NC-1
expect json unapplied.length = 2
# what it was before
aldia --json statement show C1 --at 2026-02-09
expect json balances[currency=COP].balance = 150000
expect json open[number=F-1].open = 100000
expect json unapplied[number=NC-1].unapplied = 20000
expect json open[number=F-1].days_overdue = 20
expect json unapplied[number=NC-2].unapplied = 5000
expect out !~ "R-77"
aldia --json report ageing --at 2026-02-09 --by customer
expect json items[currency=COP].total = 150000
expect json items[currency=COP].1-30 = 100000
aldia --json report ageing --at 2026-02-17
expect json items[bucket=total].amount = 50700
expect json items[bucket=1-30].count = 1
aldia --json report ageing
expect json items[bucket=total].amount = 50700
# money that went back
reverse payment of C1
aldia --json statement show C1
expect json balances[currency=COP].balance = 130000
expect json items[kind=returned].amount = 90000
aldia --json statement show C1 --at 2026-02-16
expect json balances[currency=COP].balance = 70000
aldia --json statement show C1 --csv @s.csv
expect file s.csv text ~ "2026-02-10,COP,"
fails 66 --json statement show C7
aldia --json timeline show C1 --limit 1
expect json items[0].kind = payment.reversed
expect json items.length = 1
