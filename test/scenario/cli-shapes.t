# The lists have the fields other programs rely on.  REQ: L1
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-2 | C2 | 2026-01-20 | 2026-02-17 | COP | 200000 |
activate from 2026-02-11
pay C2 300000 invoice F-2 reference TR-5 external X-5
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
expect keys . planned sent deferred failed ambiguous tasks held
aldia --json invoice list
expect json next = null
expect json items.length = 2
expect keys items[number=F-1] number instalment customer type issue_date due_date currency amount open state days_overdue
expect json items[number=F-1].open = "100000.00"
expect out ~ "\"open\":\"100000.00\""
expect json items[number=F-1].days_overdue = 0
expect json items[number=F-2].state = paid
aldia --json customer list
expect keys items[code=C1] code name currency open overdue oldest_days unapplied state hold
expect out ~ "\"unapplied\":\"100000.00\""
aldia --json payment list
expect keys items[customer=C2] id customer date currency amount unapplied reference external_id state
expect json items[customer=C2].external_id = X-5
aldia --json message list
expect keys items[to=pagos@uno.example] id customer contact channel to status reason step date message_id currency total items handed_at
expect keys items[to=pagos@uno.example].items[0] number instalment open
expect json items[to=pagos@uno.example].handed_at ~ "2026-02-17T"
expect json items[to=pagos@uno.example].channel = email
aldia --json strategy rehearse --from 2026-02-18 --days 10
expect keys . from to messages tasks counts
expect json from = 2026-02-18
expect json to = 2026-02-27
expect keys messages[0] date customer contact channel to step tone template currency total items
expect keys messages[0].items[0] number instalment open days
expect keys tasks[0] date customer step kind items
aldia --json why F-1
expect keys . subject date decisions
expect keys decisions[0] verdict step scheduled channel reasons next_allowed
expect keys decisions[0].reasons[0] code text data
aldia --json verify
expect keys . ok checked differences
expect json ok = true
