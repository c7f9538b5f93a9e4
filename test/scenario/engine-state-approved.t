# An approved change of state takes place: suspended is shown, agency silences, a write-off is booked and can be verified.  REQ: A3 B3 B8  INV: I6 I8
company "Ferretería Andina" CO COP
clock 2026-02-16T09:00-05:00
file own.yaml
> code: propia
> name: Propia
> description: Tres cambios de estado.
> defaults:
>   channel: email
> steps:
>   - id: claim-1
>     name: Primero
>     message: claim
>     days: 1
>   - id: suspend
>     name: Suspender
>     state: suspend
>     days: 3
>   - id: claim-2
>     name: Segundo
>     message: claim
>     days: 5
>   - id: agency
>     name: Agencia
>     state: agency
>     days: 10
>   - id: claim-3
>     name: Tercero
>     message: claim
>     days: 14
>   - id: give-up
>     name: Castigar
>     state: write_off
>     days: 20
aldia strategy apply @own.yaml
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-16 | COP | 100000 |
aldia strategy assign propia --customer C1
activate from 2026-02-11
advance 1 days
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
advance 2 days
run expect sent=0
aldia --json approval list
expect json items[0].step = suspend
aldia message confirm 2
expect invoice F-1 state=suspended
advance 4 days
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
advance 4 days
run expect sent=0
aldia message confirm 4
expect invoice F-1 state=agency
advance 5 days
run expect sent=0
expect no mail
aldia --json invoice recourse F-1 --to normal --reason "la agencia lo devolvió"
expect invoice F-1 state=overdue
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
advance 6 days
run expect sent=0
aldia --json approval list
expect json items[0].step = give-up
aldia message confirm 6
expect invoice F-1 state=written_off open=0
advance 10 days
run expect sent=0 tasks=0
expect no mail
verify
