# The company's data reach the mails; the kill switch holds every message until it is lifted.  REQ: B10 C1  INV: I20
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-10 | COP | 100000 |
activate from 2026-02-11
aldia --json company set --person-name "Ana Ruiz" --person-phone "601 555 0101" --run-at 08:15
expect json person_name = "Ana Ruiz"
expect json run_at = 08:15
fails 65 --json company set --run-at 25:00
expect err ~ run-at
fails 65 --json company set
aldia --json company show
expect json run_at = 08:15
expect json sending = on
aldia --json sending stop --reason "precios equivocados"
fails 75 --json sending stop --reason "otra vez"
run expect sent=0 held.KILL_SWITCH=1
expect no mail
aldia --json company show
expect json sending = stopped
aldia sending start
run expect sent=1
expect mail to pagos@uno.example body ~ "Ana Ruiz"
aldia --json user list
expect json items.length = 1
