# What a payment left over may be paid back: never more, in its currency, once; statement, timeline and verify know of it.  REQ: A4 L2  INV: I8 I9 I18
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
pay C1 160000 invoice F-1 on 2026-02-10 reference R-1
pay C1 50 on 2026-02-11
fails 65 --json payment refund 1 --amount 60000.01 --reason x
expect err ~ "60000.00 COP"
fails 65 --json payment refund 1 --amount 0 --reason x
fails 65 --json payment refund 1 --amount 1.234 --reason x
fails 65 --json payment refund 1 --amount 5 --reason x --date 2026-02-09
fails 65 --json payment refund 1 --amount 5 --reason x --date 2026-02-18
fails 66 --json payment refund 99 --amount 5 --reason x
aldia --json payment refund 1 --amount 20000 --reason "pagó de más" --reference TR-1 --external-id E-1 --date 2026-02-12
expect json unapplied = 40000
expect json currency = COP
expect json duplicate = false
# the same again books nothing
aldia --json payment refund 1 --amount 20000 --reason "pagó de más" --reference TR-1 --external-id E-1 --date 2026-02-12
expect json duplicate = true
expect json unapplied = 40000
fails 75 --json payment refund 1 --amount 1 --reason x --external-id E-1 --date 2026-02-12
expect customer C1 open=0 unapplied=40050
# what was paid back is no longer there to be reversed
fails 75 --json payment reverse 1
aldia --json statement show C1
expect json items[kind=refunded].amount = 20000
expect json items[kind=refunded].change = 0
expect json unapplied[number=R-1].unapplied = 40000
aldia --json statement show C1 --at 2026-02-11
expect json unapplied[number=R-1].unapplied = 60000
expect out !~ "TR-1"
aldia --json timeline show C1 --limit 1
expect json items[0].kind = payment.refunded
verify
aldia --json payment refund 1 --amount 40000 --reason "el resto"
expect json unapplied = 0
fails 65 --json payment refund 1 --amount 0.01 --reason x
expect customer C1 unapplied=50
# a refund that comes back is money received
pay C1 20000 on 2026-02-17 reference TR-1
expect customer C1 unapplied=20050
verify
