# Semicolons, decimal commas, day first and Spanish names are understood when the file leaves no doubt.  REQ: A6
company "Ferretería Andina" CO COP
clock 2026-02-17T08:00-05:00
file c.csv
> Código;Nombre;Correo
> C1;Almacén Uno;pagos@uno.example
import customers c.csv expect booked=1
file f.csv
> Número;Código cliente;Fecha emisión;Fecha vencimiento;Moneda;Importe
> F-1;C1;20/01/2026;17/02/2026;COP;1.234.567,89
> F-2;C1;03/02/2026;04/03/2026;COP;1.000
import invoices f.csv expect booked=2
expect invoice F-1 amount=1234567.89 issue_date=2026-01-20 due_date=2026-02-17
expect invoice F-2 amount=1000 issue_date=2026-02-03 due_date=2026-03-04
