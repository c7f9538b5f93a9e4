# A gradual start: everybody's first message on a day of their own, foreseen by the rehearsal, nobody left out.  REQ: B16
company "Ferretería Andina" CO COP
clock 2026-02-17T08:00-05:00
conf volume_limit_factor 0
customers
| code | name | email |
| C{1..12} | Cliente {n} | pagos@c{n}.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F{1..12} | C{n} | 2026-01-20 | 2026-02-10 | COP | {n}1000 |
fails 65 strategy activate --ramp-days 31 --yes
aldia --json strategy activate --from 2026-02-11 --ramp-days 4 --yes
expect json customers = 12
why F1 expect RAMP_UP
rehearsal equals runs 10 days
expect 12 messages sent step=claim-1
verify
