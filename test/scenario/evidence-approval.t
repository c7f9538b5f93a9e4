# An approval holds through a closed window; a proposal of a state can be approved or rejected; nothing comes back.  REQ: B8 B11
company "Ferretería Andina" CO COP
clock 2026-02-13T21:30-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-13 | COP | 100000 |
| F-2 | C2 | 2026-01-20 | 2026-02-13 | COP | 200000 |
file s.yaml
> code: recurrente-30
> name: Con visto bueno
> defaults:
>   channel: email
> steps:
>   - id: d0
>     name: Vence hoy
>     message: due_today
>     days: 0
>     mode: confirm
aldia strategy apply @s.yaml --yes
activate from 2026-02-13
run expect sent=0
aldia --json approval list
expect json items.length = 2
aldia --json message show @message:pagos@uno.example
expect json preview = true
expect json text ~ "F-1"
expect json text !~ "F-2"
cancel pagos@dos.example approval
approve pagos@uno.example
run expect sent=0
expect 1 message deferred to pagos@uno.example
advance 3 days
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
expect 1 message cancelled to pagos@dos.example
