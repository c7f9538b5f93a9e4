# Whatever single value of entries, events, payments, documents or kept messages is changed, verify says so.  REQ: L12 F5  INV: I7 I8 I9
only sqlite "tampering is done with SQLite's own tool"
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C{1..3} | Cliente {n} | pagos@c{n}.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount | type | reference | description | applies_to | open_amount |
| F-{1..3} | C{n} | 2026-01-20 | 2026-02-1{n} | COP | 1000{n} | invoice | OC-{n} | Cemento {n} | | |
| U-1 | C1 | 2026-01-20 | 2026-03-10 | USD | 70 | invoice | | | | 50 |
| NC-1 | C2 | 2026-01-25 | 2026-01-25 | COP | 500 | credit_note | | | F-2 | |
| NC-2 | C3 | 2026-01-25 | 2026-01-25 | COP | 800 | credit_note | | | | |
invoices
| number | customer_code | issue_date | due_date | currency | amount | instalment |
| K-1 | C3 | 2026-01-22 | 2026-02-22 | COP | 300 | 1 |
| K-1 | C3 | 2026-01-22 | 2026-03-22 | COP | 300 | 2 |
activate from 2026-02-01
run expect sent=3
ignore mail
pay C1 4000 on 2026-02-16
pay C2 90000 reference R-2 external X-2
pay C3 100 invoice K-1
reverse payment of C1
conf four_eyes off
aldia --json payment refund 2 --amount 60000 --reason "pagó de más" --reference T-2 --external-id D-2
aldia --json invoice refund NC-2 --amount 300 --reason "no compra más" --reference T-3
verify
every change is found 120 times
