# More copies than may go with one mail stay out, the oldest due go, and the text says so.  REQ: A5
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
conf attachments_max 1
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
file uno.xml
> <?xml version="1.0"?><Invoice><Note>copia uno</Note></Invoice>
file dos.xml
> <?xml version="1.0"?><Invoice><Note>copia dos</Note></Invoice>
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-10 | 2026-02-10 | COP | 100000 |
| F-2 | C1 | 2026-01-11 | 2026-02-05 | COP | 70000 |
aldia invoice attach F-1 @uno.xml
aldia invoice attach F-2 @dos.xml
file s.yaml
> code: recurrente-30
> name: Con adjuntos
> steps:
>   - id: claim-1
>     name: Reclamo
>     message: claim
>     days: 7
>     attach: [invoice]
aldia strategy apply @s.yaml --yes
activate from 2026-01-01
run expect sent=1
expect mail to pagos@uno.example attached ~ "copia dos" attached !~ "copia uno" body ~ "no lleva copia de: F-1" html ~ "no lleva copia de: F-1"
aldia --json timeline show C1
expect out ~ "left_out"
