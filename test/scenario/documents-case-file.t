# A case file holds everything about one customer and nothing of another; its verifier names whatever is changed in it.  REQ: L6
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
file uno.xml
> <?xml version="1.0"?><Invoice><ID>F-1</ID></Invoice>
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-10 | 2026-02-10 | COP | 100000 |
| X-22 | C2 | 2026-01-11 | 2026-02-10 | COP | 777777 |
| F-3 | C1 | 2026-01-12 | 2026-02-12 | COP | 4000 |
aldia invoice attach F-1 @uno.xml
activate from 2026-01-01
run expect sent=2
expect mail to pagos@uno.example
expect mail to pagos@dos.example
pay C1 3000 invoice F-3
pay C2 70 invoice X-22
promise C1 1000 by 2026-02-27
dispute F-3 "no coincide"
hold C1 "espera"
aldia --json customer case-file C1 --out @c1.zip
expect json events = 8
case file c1.zip holds and is about C1 only, without "X-22" "777777" "Depósito Dos" "pagos@dos.example"
pdf c1.d/summary.pdf
expect out ~ "Expediente"
expect out ~ "message.handing"
pdf c1.d/statement.pdf
expect out ~ "Almacén Uno"
case file c1.zip names every change
fails 75 customer case-file C1 --out @c1.zip
