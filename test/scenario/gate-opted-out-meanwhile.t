# Asked not to be written to between plan and hand-over; the wish outlives a new address.  REQ: B10 C10  INV: I6
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email | segment |
| C1 | Almacén Uno | pagos@uno.example | norte |
| C2 | Almacén Dos | pagos@dos.example | sur |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-2 | C1 | 2026-01-21 | 2026-02-17 | COP | 50000 |
| G-1 | C2 | 2026-01-20 | 2026-02-17 | COP | 70000 |
activate from 2026-02-11
hold C2 "aparte"
aldia --json contact list C1
expect json items[0].hours = ""
run paused at rcpt
aldia contact consent 1 --channel email --answer withdrawn --evidence "llamada del 17 de febrero"
continue expect sent=0 ambiguous=0
expect no mail
expect 1 message refused to pagos@uno.example
why F-1 expect OPTED_OUT
customers
| code | name | email | segment |
| C1 | Almacén Uno | otra@uno.example | norte |
run expect sent=0
expect no mail
aldia contact consent 1 --channel email --answer unknown
run expect sent=1
expect mail to otra@uno.example body ~ "F-1"
