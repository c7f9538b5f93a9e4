# Quotes, commas and line breaks inside quotes are CSV like any other.  REQ: A6
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
file c.csv
> code,name,email
> C1,"Almacén ""El Uno"", S.A.",pagos@uno.example
> "C2",=SUMA(A1),pagos@dos.example
import customers c.csv expect rows=2 booked=2
expect customer C1 name = "Almacén \"El Uno\", S.A."
expect customer C2 name = "=SUMA(A1)"
file open.csv
> code,name
> C3,"sin cerrar
import customers open.csv refused field!=zzz
file short.csv
> code,name,email
> C3
import customers short.csv refused line=2
expect 2 customers
