# What is left of a credit note or an advance may be paid back: never more, in its currency, once; ledger, statement, timeline and verify know.
# REQ: A4 L2  INV: I8 I9 I18
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Almacén Dos | pagos@dos.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount | type | applies_to |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 30000 | invoice | |
| NC-1 | C1 | 2026-01-25 | 2026-01-25 | COP | 100000 | credit_note | F-1 |
| AN-1 | C2 | 2026-02-01 | 2026-02-01 | USD | 70 | advance | |
expect customer C1 open=0 unapplied=70000
aldia --json invoice show NC-1
expect json open = 70000
expect json refundable = true
# only what is left, in parts that exist, between the day of the note and today
fails 65 --json invoice refund NC-1 --amount 70000.01 --reason x
expect err ~ "70000.00 COP"
fails 65 --json invoice refund NC-1 --amount 0 --reason x
fails 65 --json invoice refund NC-1 --amount 1.234 --reason x
fails 65 --json invoice refund NC-1 --amount 5 --reason x --date 2026-01-24
fails 65 --json invoice refund NC-1 --amount 5 --reason x --date 2026-02-18
fails 66 --json invoice refund NC-9 --amount 5 --reason x
# what is owed to the company is no credit
fails 65 --json invoice refund F-1 --amount 5 --reason x
aldia --json invoice show F-1
expect json refundable = false
aldia --json invoice refund NC-1 --amount 20000 --reason "no compra más" --reference TR-1 --external-id E-1 --date 2026-02-12
expect json open = 50000
expect json currency = COP
expect json duplicate = false
# the same again books nothing; the id with another document or amount is refused
aldia --json invoice refund NC-1 --amount 20000 --reason "no compra más" --reference TR-1 --external-id E-1 --date 2026-02-12
expect json duplicate = true
expect json open = 50000
fails 75 --json invoice refund NC-1 --amount 1 --reason x --external-id E-1 --date 2026-02-12
fails 75 --json invoice refund AN-1 --amount 20000 --reason x --external-id E-1 --date 2026-02-12
expect customer C1 open=0 unapplied=50000
aldia --json invoice show NC-1
expect json movements[kind=refunded].amount = -20000
aldia --json statement show C1
expect json items[kind=refunded].amount = 20000
expect json items[kind=refunded].change = 0
expect json items[kind=refunded].number = NC-1
aldia --json statement show C1 --at 2026-02-11
expect out !~ "TR-1"
aldia --json timeline show C1 --limit 1
expect json items[0].kind = credit.refunded
verify
# what went back is no longer there for an invoice
invoices
| number | customer_code | issue_date | due_date | currency | amount | type | applies_to |
| F-2 | C1 | 2026-02-16 | 2026-03-16 | COP | 60000 | invoice | |
aldia --json invoice refund NC-1 --amount 50000 --reason "el resto"
expect json open = 0
fails 65 --json invoice refund NC-1 --amount 0.01 --reason x
expect customer C1 open=60000 unapplied=0
aldia --json invoice refund AN-1 --amount 70 --reason "se canceló el pedido"
expect json currency = USD
aldia --json statement show C2
expect json items[kind=refunded].amount = 70
# a refund that comes back is money received
pay C2 20 in USD on 2026-02-17 reference TR-2
verify
