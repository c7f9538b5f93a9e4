# An approval does not outrank a payment.  REQ: B8 B10  INV: I5
company "Ferretería Andina" CO COP
clock 2026-02-16T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
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
activate from 2026-02-17
advance 1 day
run expect sent=0
approve pagos@uno.example
pay C1 100000 invoice F-1
run expect sent=0
expect no mail
