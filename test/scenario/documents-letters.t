# Letters wait for the print, pass the gate one by one, are printed once, and again only when somebody says so.  REQ: C6 INV: I1
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
| C3 | Bodega Tres | pagos@tres.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-10 | 2026-02-10 | COP | 100000 |
| F-2 | C2 | 2026-01-10 | 2026-02-10 | COP | 70000 |
| F-3 | C3 | 2026-01-10 | 2026-02-10 | COP | 5000 |
aldia customer address C1 --street "Carrera 7 # 71-21\nTorre B, oficina 401" --postal-code 110231 --city Bogotá
aldia customer address C2 --street "Calle 10 # 5-20" --city Medellín
file s.yaml
> code: recurrente-30
> name: Con cartas
> steps:
>   - id: claim-1
>     name: Carta
>     message: claim
>     days: 7
>     channel: letter
>     fallback: [email]
aldia strategy apply @s.yaml --yes
conf letters on
activate from 2026-01-01
run expect sent=1
expect mail to pagos@tres.example
expect 2 messages planned channel=letter
# paid before the print: no letter
pay C2 70000 invoice F-2
aldia --json letter print --out @a.pdf
expect json letters = 1
expect json held.PAID = 1
pdf a.pdf untagged
expect out ~ "Carrera 7 # 71-21"
expect out ~ "Torre B, oficina 401"
expect out ~ "110231 Bogotá"
expect out ~ "F-1"
expect out ~ "100.000"
expect out !~ "F-2"
expect out !~ "Medellín"
expect 1 messages sent channel=letter
# who took them is in the access log; a command that printed none took none
aldia --json access list --what export
expect json items[0].detail = letters:1
aldia --json letter print --out @b.pdf
expect json letters = 0
aldia --json access list --what export
expect keys items[detail=letters:1] at what who address detail
expect out !~ "letters:0"
aldia --json run
aldia --json letter print --out @b.pdf
expect json letters = 0
fails 75 letter print --out @a.pdf
aldia --json letter print --batch 1 --out @b.pdf
expect json again = true
aldia --json access list --what export
expect json items[1].detail = letters:1
pdf b.pdf untagged
expect out ~ "F-1"
fails 66 letter print --batch 7 --out @c.pdf
file prueba.txt
> no es un recibo
file prueba.xml
> <?xml version="1.0"?><acuse>recibido</acuse>
aldia --json letter list
expect json items.length = 1
aldia letter posted 1 --number RR123456789CO
fails 65 letter delivered 1 --proof @prueba.txt
aldia letter delivered 1 --proof @prueba.xml --date 2026-02-20
aldia --json letter list
expect json items[customer=C1].registered = RR123456789CO
expect json items[customer=C1].delivered = 2026-02-20
aldia --json timeline show C1
expect out ~ "letter.posted"
expect out ~ "letter.delivered"
verify
aldia --json customer case-file C1 --out @c1.zip
case file c1.zip holds and is about C1 only, without "F-2" "Medellín"
