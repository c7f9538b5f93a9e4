# verify recomputes balances and chain after everything a day brings.  REQ: L12  INV: I8 I9
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C{1..5} | Cliente {n} | pagos@c{n}.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount | type |
| F-{1..5} | C{n} | 2026-01-20 | 2026-02-17 | COP | 1000{n} | invoice |
| NC-{1..2} | C{n} | 2026-01-20 | 2026-02-17 | COP | 50 | credit_note |
activate from 2026-02-11
pay C1 4000
pay C2 90000
hold C3 "acuerdo"
promise C4 10004 by 2026-02-20
dispute F-5 "calidad"
run expect sent=1
ignore mail
reverse payment of C1
close dispute F-5 rejected
resume C3
verify
run
ignore mail
verify
