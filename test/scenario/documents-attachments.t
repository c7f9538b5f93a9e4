# A step attaches the kept copies of what it demands and the statement of that moment; what was paid meanwhile is neither in it nor attached.  REQ: A4 A5
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
file uno.xml
> <?xml version="1.0"?><Invoice><ID>F-1</ID><Note>copia de Almacén Uno</Note></Invoice>
file dos.xml
> <?xml version="1.0"?><Invoice><ID>F-2</ID><Note>copia número dos</Note></Invoice>
file ajena.xml
> <?xml version="1.0"?><Invoice><ID>F-9</ID><Note>copia ajena</Note></Invoice>
file nada.txt
> ni PDF ni XML
file invoices.csv
> number,customer_code,issue_date,due_date,currency,amount,file
> F-1,C1,2026-01-10,2026-02-10,COP,100000,uno.xml
> F-2,C1,2026-01-11,2026-02-10,COP,70000,dos.xml
> F-9,C2,2026-01-10,2026-02-10,COP,500,ajena.xml
> F-10,C2,2026-01-10,2026-02-20,COP,600,nada.txt
> F-11,C2,2026-01-10,2026-02-20,COP,700,../clock
aldia --json invoice import @invoices.csv
expect json booked = 5
expect json files = 3
expect out ~ "nada.txt"
aldia --json invoice files F-1
expect json items[name=uno.xml].media_type = application/xml
file s.yaml
> code: recurrente-30
> name: Con adjuntos
> steps:
>   - id: claim-1
>     name: Reclamo
>     message: claim
>     days: 7
>     attach: [invoice, statement]
aldia strategy apply @s.yaml --yes
activate from 2026-01-01
hold C2 "espera"
run paused at data
pay C1 70000 invoice F-2
continue
expect mail to pagos@uno.example attached ~ "copia de Almacén Uno" attached ~ "Estado de cuenta" attached ~ "100.000" attached !~ "F-2"
resume C2
run expect sent=1
expect mail to pagos@dos.example attached ~ "copia ajena" attached ~ "Depósito Dos" attached !~ "Almacén"
aldia timeline show C1
aldia --json timeline show C1
expect out ~ "statement"
# the same bytes are kept, and a changed copy is noticed
aldia --json message show @message:pagos@uno.example --raw
expect out ~ "application/xml"
verify
advance 1 days
run expect sent=0
