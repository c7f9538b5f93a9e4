# A step in mode test is composed and kept; nothing leaves.  REQ: B8
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
file s.yaml
> code: recurrente-30
> name: De prueba
> defaults:
>   channel: email
> steps:
>   - id: d0
>     name: Vence hoy
>     message: due_today
>     days: 0
>     mode: test
aldia strategy apply @s.yaml --yes
activate from 2026-02-11
run expect failed=0 ambiguous=0
expect transactions 0
expect no mail
