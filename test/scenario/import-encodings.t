# UTF-8 with a mark and UTF-16 are read; Latin-1 is refused until it is named.  REQ: A6
company "Ferretería Andina" CO COP
clock 2026-02-17T08:00-05:00
file bom.csv as utf-8-bom
> code,name
> C1,Almacén Ñandú
import customers bom.csv expect booked=1
file le.csv as utf-16
> code,name
> C2,Depósito Ñandú
import customers le.csv expect booked=1
file be.csv as utf-16be-bom
> code,name
> C3,Bodega Ñandú
import customers be.csv expect booked=1
file latin.csv as latin-1
> code,name
> C4,Cía Ñandú
import customers latin.csv refused hint ~ "--encoding"
expect 3 customers
expect customer C1 name = "Almacén Ñandú"
expect customer C2 name = "Depósito Ñandú"
expect customer C3 name = "Bodega Ñandú"
import customers latin.csv --encoding latin1 expect booked=1
expect customer C4 name = "Cía Ñandú"
