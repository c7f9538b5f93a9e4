# A message tells its text, what it asked for and everything that happened to it; tasks can be closed.  REQ: C1 B11
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-03 | COP | 100000 |
activate from 2026-02-01
run expect sent=1
expect raw of mail to pagos@uno.example
expect mail to pagos@uno.example body ~ "F-1"
aldia --json message show @message:pagos@uno.example
expect json status = sent
expect json text ~ "F-1"
expect json headers[name=To].value = "Almacén Uno <pagos@uno.example>"
expect json items[number=F-1].open = 100000
expect json history[0].kind = message.handing
expect json history[1].kind = message.sent
aldia --json message list --status sent --customer C1 --limit 1
expect json items.length = 1
expect json items[0].handed_at ~ "-05:00"
aldia --json message list --status failed
expect json items.length = 0
fails 65 --json message list --status gone
fails 66 --json message show 999
fails 75 --json message settle @message:pagos@uno.example --as sent
expect err ~ "nothing can be changed"
aldia --json task list --open
expect json items[0].customer = C1
aldia --json task done 2 --note "prometió pagar"
expect json status = done
fails 75 --json task done 2
aldia --json task list --open
expect json items.length = 0
aldia --json timeline show C1
expect json items[kind=task.done].data.note = "prometió pagar"
