# A new version of the strategy never repeats what was performed, and takes up what is new.  REQ: B12  INV: I1
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
file s.yaml
> code: recurrente-30
> name: Otra versión
> defaults:
>   channel: email
> steps:
>   - id: d-7
>     name: Aviso
>     message: due_soon
>     days: -6
>   - id: d0
>     name: Vence
>     message: due_today
>     days: 1
>   - id: claim-0
>     name: Reclamo temprano
>     message: claim
>     days: 3
>   - id: claim-1
>     name: Primer reclamo
>     message: claim
>     days: 7
aldia strategy apply @s.yaml --yes
run expect sent=0
advance 1 day
run expect sent=0
expect no mail
advance 2 days
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
expect 1 message sent step=claim-0
