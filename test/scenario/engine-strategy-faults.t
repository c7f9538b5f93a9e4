# A mistake in a strategy file is refused with its line and remedy; the old version stays.  REQ: B12
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
file s.yaml
> code: recurrente-30
> name: Con error
> steps:
>   - id: d0
>     name: Vence
>     message: due_today
>     dias: 0
fails 65 --json strategy apply @s.yaml --yes
expect err ~ "dias"
expect err ~ "7"
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
