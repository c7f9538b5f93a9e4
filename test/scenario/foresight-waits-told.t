# What waits and what is held back is counted with its reason; what nobody approves does not leave.  REQ: B13 B8
company "Ferretería Andina" CO COP
clock 2026-02-13T09:00-05:00
customers
| code | name | email |
| C{1..4} | Cliente {n} | pagos@c{n}.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-{1..4} | C{n} | 2026-01-20 | 2026-02-14 | COP | 100000 |
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
>   - id: claim-1
>     name: Primer reclamo
>     message: claim
>     days: 7
>     mode: confirm
aldia strategy apply @s.yaml --yes
activate from 2026-02-13
hold C2 "acuerdo"
promise C3 100000 by 2026-02-28 invoice F-3
# Saturday waits for Monday
rehearse 12 days expect messages=2 counts.deferred.WINDOW=2 counts.held.HOLD=1 counts.held.PROMISE=1 counts.held.APPROVAL=2
expect rehearsed message date=2026-02-16 customer=C1 step=d0
expect rehearsed no message customer=C2
expect rehearsed no message customer=C3
rehearsal equals runs 12 days
