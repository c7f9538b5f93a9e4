# The same file twice books once.  REQ: A6  INV: I10 I11
company "Ferretería Andina" CO COP
clock 2026-02-17T08:00-05:00
customers expect rows=2 booked=2
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
customers expect rows=2 duplicate=2 booked=0
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
file f.csv
> number,customer_code,issue_date,due_date,currency,amount
> F-1,C1,2026-01-20,2026-02-17,COP,100000
> F-2,C2,2026-01-20,2026-02-17,COP,200000.50
import invoices f.csv expect rows=2 booked=2 duplicate=0
import invoices f.csv expect rows=2 booked=0 duplicate=2
file p.csv
> customer_code,date,currency,amount,reference
> C1,2026-02-16,COP,40000,TR-77
import payments p.csv expect rows=1 booked=1 duplicate=0
import payments p.csv expect rows=1 booked=0 duplicate=1
expect customer C1 open=60000
expect customer C2 open=200000.50
expect 2 invoices
expect 1 payment
