# A run that would send more than three times the usual volume stops and asks.  REQ: B10
company "Ferretería Andina" CO COP
clock 2026-02-09T09:00-05:00
conf volume_limit_factor 3
customers
| code | name | email |
| C{1..12} | Cliente {n} | pagos@c{n}.example |
| X{1..40} | Extra {n} | pagos@x{n}.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| A{1..2} | C{n} | 2026-01-10 | 2026-02-16 | COP | 1000{n} |
| A{3..4} | C{n} | 2026-01-10 | 2026-02-17 | COP | 1000{n} |
| A{5..6} | C{n} | 2026-01-10 | 2026-02-18 | COP | 1000{n} |
| A{7..8} | C{n} | 2026-01-10 | 2026-02-19 | COP | 1000{n} |
| A{9..10} | C{n} | 2026-01-10 | 2026-02-20 | COP | 1000{n} |
| B{1..40} | X{n} | 2026-01-10 | 2026-02-23 | COP | 1000{n} |
activate from 2026-02-09
run expect sent=2
advance 1 day
run expect sent=2
advance 1 day
run expect sent=2
advance 1 day
run expect sent=2
advance 1 day
run expect sent=2
expect 10 mails
# Monday 16: two D0 and forty D-7
advance 3 days
run expect sent=0 held.VOLUME!=0
expect no mail
conf volume_limit_factor 0
run expect sent=42
expect 42 mails
