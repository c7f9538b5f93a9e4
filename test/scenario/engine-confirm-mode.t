# A step in mode confirm waits for a person; approved, it goes.  REQ: B8
company "Ferretería Andina" CO COP
clock 2026-02-16T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-2 | C2 | 2026-01-20 | 2026-02-17 | COP | 200000 |
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
>   - id: claim-1
>     name: Primer reclamo
>     message: claim
>     days: 7
aldia strategy apply @s.yaml --yes
activate from 2026-02-17
advance 1 day
run expect sent=0
expect no mail
expect 2 messages approval
approve pagos@uno.example
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
# what was approved is checked like everything else; what was not, waits
pay C2 200000 invoice F-2
advance 1 day
run expect sent=0
expect no mail
