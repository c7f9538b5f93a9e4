# Options of an import are saved under a name and used again; other headings and a decimal comma need not be said twice.  REQ: A6
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name |
| C1 | Almacén Uno |
file uno.csv
> Folio;Comprador;Emitida;Vence;Divisa;Valor bruto
> F-1;C1;05/02/2026;20/02/2026;COP;1.500
aldia --json invoice import @uno.csv --mapping erp --decimal , --dates dmy --map "Folio=number" --map "Comprador=customer_code" --map "Emitida=issue_date" --map "Vence=due_date" --map "Divisa=currency" --map "Valor bruto=amount"
expect json booked = 1
file dos.csv
> Folio;Comprador;Emitida;Vence;Divisa;Valor bruto
> F-2;C1;06/02/2026;03/04/2026;COP;2.500
aldia --json invoice import @dos.csv --mapping erp
expect json booked = 1
aldia --json invoice list
expect json items[1].amount = "2500.00"
expect json items[1].due_date = "2026-04-03"
fails 65 --json invoice import @dos.csv --mapping otra
expect err ~ "saved under otra"
