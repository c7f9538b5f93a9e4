# What the pages do is done by commands too: many customers at once, what was imported and sent, texts tried out, people let in again.  REQ: L2 L10
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Almacén Dos | pagos@dos.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-10 | COP | 100000 |
| F-2 | C2 | 2026-01-20 | 2026-02-24 | COP | 50000 |
aldia --json import history
expect json items[import=invoices].booked = 2
expect json items[import=invoices].rejected = 0
activate from 2026-02-17
run expect sent=2
ignore mail
aldia --json message recent
expect json items[customer=C1].status = sent
aldia --json message recent --customer C2
expect out !~ "C1"
# the mail as it left is a document: who takes it is noted, who reads the page is not
aldia --json message show 1
aldia --json access list --what export
expect out ~ "\"items\":[]"
aldia message show 1 --raw
aldia --json access list --what export
expect json items[0].detail = message:1
aldia --json rehearsal message C2 2026-02-24
expect json customer = C2
aldia --json rehearsal html C2 2026-02-24
expect out ~ "F-2"
expect out !~ "F-1"
fails 66 --json rehearsal html C2 2026-02-23
# a text is tried on a customer and kept nowhere; a field that does not exist is named
fails 65 --json template try --path es/any/sms-friendly-a.txt --text "Hola {{nombre}}" --customer C1
expect err ~ "nombre"
fails 66 --json template try --path es/any/nada.txt --text "Hola" --customer C1
aldia --json template try --path es/any/sms-friendly-a.txt --text "Hola, {{customer.name}}." --customer C1
expect out ~ "Almacén Uno"
aldia --json template list
expect out !~ "\"origin\":\"own\""
# each is told apart: one that does not exist hinders nobody, and what is so already stays as it is
aldia --json customers change --code C1 --code C9 --do hold --reason vacaciones --until 2026-03-01
expect json changed = 1
expect json refused = 1
aldia --json hold list
expect out !~ "C9"
aldia --json customers change --code C1 --code C2 --do hold --reason vacaciones --until 2026-03-01
expect json changed = 1
expect json unchanged = 1
aldia --json customer list
expect json items[code=C1].hold = true
aldia --json customers change --code C1 --do resume
expect json changed = 1
aldia --json customer list
expect json items[code=C2].hold = true
# left to a server, it is kept until one works through it, and can be taken back before; everybody is never meant by an oversight
fails 65 --json change begin --do hold --reason feria
fails 65 --json change begin --do hold --matching
fails 65 --json change begin --do hold --reason feria --matching --segment nadie
aldia --json change begin --do hold --reason feria --matching --sort name
expect json customers = 2
aldia --json change begin --do hold --reason feria --matching --sort name
expect json id = 1
aldia --json change list
expect json items[id=1].state = working
aldia --json change show 1
expect json worked = 0
aldia --json change cancel 1
expect json state = cancelled
fails 75 --json change cancel 1
fails 66 --json change show 2
# a write-off taken back is owed again
conf four_eyes off
aldia --json invoice write-off F-1 --reason "cerró"
expect json written_off = 100000
expect customer C1 open=0
aldia --json invoice reinstate F-1 --reason "volvió"
expect json reinstated = 100000
expect customer C1 open=100000
fails 75 --json invoice reinstate F-1 --reason "otra vez"
# people: shut out, let in again
aldia --json user add zoe --name Zoe --role collector
aldia --json user disable zoe
expect json disabled = true
aldia --json user enable zoe
expect json disabled = false
fails 66 --json user enable nadie
aldia --json user sessions
expect out ~ "\"items\":[]"
# what belongs to whoever is signed in is nobody's at the console
aldia --json filter list
expect out ~ "\"items\":[]"
fails 77 --json filter save Mios --state overdue
fails 66 --json import preview 1
aldia --json customer new
aldia --json guide first
verify
