# A person's hours, further contacts, and an answer that spares the call.  REQ: A1 B4 C10
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
aldia contact change 1 --hours 14:00-16:00
why F-1 expect WINDOW
run expect sent=1
expect mail to pagos@dos.example body ~ "G-1"
advance 5 hours
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
fails 65 contact change 1 --hours 25:00-26:00
fails 65 contact add C1 --email "no es correo"
fails 66 contact change 77 --name X
aldia contact add C1 --name "Ana Pérez" --role owner --email ana@uno.example
aldia contact remove 1
aldia contact change 2 --hours ""
advance 7 days at 09:00
run expect sent=2
expect mail to ana@uno.example body ~ "F-1"
expect mail to pagos@dos.example body ~ "G-1"
aldia contact record C1 --channel call --answered --note "pagará el lunes"
fails 65 contact record C1 --channel call --at 2027-01-01T00:00:00-05:00
advance 3 days at 09:00
run expect tasks=1
aldia --json task list
expect json items[0].customer = C2
