# Before a changed strategy applies: what it would do differently, and for whom.  REQ: B12
company "Ferretería Andina" CO COP
clock 2026-02-16T09:00-05:00
file own.yaml
> code: propia
> name: Propia
> description: Un aviso y un reclamo.
> defaults:
>   channel: email
> steps:
>   - id: d0
>     name: Vence hoy
>     message: due_today
>     days: 0
>   - id: claim-1
>     name: Primero
>     message: claim
>     days: 7
file changed.yaml
> code: propia
> name: Propia
> description: Un aviso y un reclamo más temprano.
> defaults:
>   channel: email
> steps:
>   - id: d0
>     name: Vence hoy
>     message: due_today
>     days: 0
>   - id: claim-1
>     name: Primero
>     message: claim
>     days: 3
aldia strategy apply @own.yaml
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Almacén Dos | pagos@dos.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-2 | C2 | 2026-01-20 | 2026-02-17 | COP | 100000 |
aldia strategy assign propia --customer C1
activate from 2026-02-11
aldia --json strategy preview @changed.yaml --days 12
expect json counts.new = 1
expect json counts.no_longer = 1
expect json counts.customers = 1
expect json items[0].what = "no longer"
expect json items[0].customer = C1
expect json items[0].date = 2026-02-24
expect json items[1].date = 2026-02-20
expect json changes.length = 1
aldia --json strategy preview @own.yaml
expect json counts.new = 0
expect json items.length = 0
aldia --json strategy show propia
expect json version = 1
