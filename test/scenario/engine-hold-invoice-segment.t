# A held invoice is left out, a held segment hears nothing, and both are caught up.  REQ: B11  INV: I6
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
aldia hold add --invoice F-2 --reason "se revisa la entrega"
aldia hold add --segment sur --reason "inundación" --until 2026-02-18
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1" body !~ "F-2"
expect no mail
aldia --json hold list
expect json items[0].invoice = F-2
expect json items[1].segment = sur
expect json items[1].customer = null
fails 65 hold add --customer C1 --segment sur --reason x
fails 65 hold add --reason x
fails 66 hold end 99
aldia hold end 1
fails 75 hold end 1
aldia --json customer show C2
advance 2 days
run expect sent=2
expect mail to pagos@uno.example body ~ "F-2"
expect mail to pagos@dos.example body ~ "G-1"
aldia --json hold list --all
expect json items[0].ended ~ 2026
verify
