# Each round keeps the figures of the day: measured once, counted once, never made up, each currency apart.  REQ: K1 K7
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email | collector |
| C1 | Almacén Uno | pagos@uno.example | tomas |
| C2 | Almacén Dos | | lucia |
| C3 | Almacén Tres | | |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-2 | C1 | 2026-01-01 | 2026-01-31 | COP | 50000 |
| F-3 | C2 | 2025-12-01 | 2025-12-31 | COP | 200000 |
| F-4 | C2 | 2026-02-01 | 2026-03-31 | USD | 80.00 |
| F-5 | C3 | 2025-10-01 | 2025-11-01 | COP | 30000 |
activate from 2026-02-11
# Nothing is known before the first round.
aldia --json figures list
expect json is_drawn = false
expect json since = null
expect json items[29].open = null
expect json items[29].messages = null
pay C2 40000 invoice F-3 on 2026-02-16
promise C1 50000 by 2026-02-19 invoice F-2
dispute F-3 "precio"
aldia contact record C3 --channel call --answered
run expect sent=1
expect mail to pagos@uno.example
aldia --json figures list --from 2026-02-16
expect json since = 2026-02-17
expect json measured_since = 2026-02-17
# The day before: what was paid then is true, what was open then nobody measured.
expect json items[0].date = 2026-02-16
expect json items[0].open = null
expect json items[0].measured_on = null
expect json items[0].collected = 40000
expect json items[0].payments = 1
expect json items[1].date = 2026-02-17
expect json items[1].not_due = 100000
expect json items[1].days_30 = 50000
expect json items[1].days_60 = 160000
expect json items[1].days_90 = 0
expect json items[1].older = 30000
expect json items[1].open = 340000
expect json items[1].overdue = 240000
expect json items[1].items_open = 4
expect json items[1].customers = 3
expect json items[1].customers_overdue = 3
expect json items[1].collected = 0
expect json items[1].messages = 1
expect json items[1].email = 1
expect json items[1].calls = 1
expect json items[1].promises_made = 1
expect json items[1].promised = 50000
expect json items[1].promises_kept = 0
expect json items[1].disputes_opened = 1
expect json items[1].partial = true
expect json items.length = 2
expect json sum.collected = 40000
# Once more on the same day: the same.
run expect sent=0
run expect sent=0
aldia --json figures list --from 2026-02-16
expect json items[0].collected = 40000
expect json items[1].open = 340000
expect json items[1].messages = 1
expect json items[1].calls = 1
expect json items[1].promises_made = 1
expect json items[1].disputes_opened = 1
# What comes later on the day counts on it; what is open is measured anew.
pay C1 50000 invoice F-2
run
aldia --json figures list --from 2026-02-17
expect json items[0].open = 290000
expect json items[0].days_30 = 0
expect json items[0].customers = 3
expect json items[0].collected = 50000
expect json items[0].promises_kept = 1
expect json items[0].promises_broken = 0
expect json items[0].messages = 1
# Another day: a payment taken back leaves the day it was made on, a dispute is solved, an invoice comes into another bucket.
advance 1 day
reverse payment of C2
close dispute F-3 rejected
run
aldia --json figures list --from 2026-02-16
expect json items[0].collected = 0
expect json items[0].payments = 0
expect json items[2].date = 2026-02-18
expect json items[2].not_due = 0
expect json items[2].days_30 = 100000
expect json items[2].days_60 = 200000
expect json items[2].older = 30000
expect json items[2].disputes_closed = 1
expect json items[2].disputes_opened = 0
expect json is_drawn = true
expect json sum.promises_decided = 1
expect json sum.kept_share = 1.000
expect json move.was = 0.66
expect json move.now = 1.000
expect json move.way = up
# A day without a round was not measured; what was done on it is known. The week is as of its last measured day.
advance 1 day
aldia contact record C1 --channel call
advance 1 day
run
ignore mail
aldia --json figures list --from 2026-02-16
expect json items[3].date = 2026-02-19
expect json items[3].open = null
expect json items[3].calls = 1
expect json items[4].open = 330000
aldia --json figures list --from 2026-02-16 --by week
expect json items.length = 1
expect json items[0].measured_on = 2026-02-20
expect json items[0].open = 330000
expect json items[0].calls = 2
expect json items[0].collected = 50000
expect json items[0].partial = true
# Of one collector, and in another currency.
aldia --json figures list --from 2026-02-20 --collector lucia
expect json items[0].open = 200000
expect json items[0].customers = 1
aldia --json figures list --from 2026-02-17 --collector tomas
expect json items[0].collected = 50000
expect json items[0].open = 100000
expect json items[0].calls = 0
expect json items[2].calls = 1
aldia --json figures list --from 2026-02-20 --collector nobody
expect json items[0].open = null
expect json items[0].calls = null
aldia --json figures list --from 2026-02-20 --currency USD
expect json items[0].open = 80.00
expect json items[0].collected = 0
expect json currencies.length = 2
aldia figures list --from 2026-02-19 --csv
expect out ~ "date,last,currency,measured_on,not_due,days_30"
expect out ~ "2026-02-19,2026-02-19,COP,,,,,,,,,,,,0.00,0,0,0,0,0,0,0,1,"
expect out ~ "2026-02-20,2026-02-20,COP,2026-02-20,0.00,100000.00,200000.00,0.00,30000.00,330000.00,330000.00,3,3,3,"
fails 65 figures list --from 2026-03-01
fails 65 figures list --to 2026-03-01
fails 65 figures list --from 2001-01-01
verify
