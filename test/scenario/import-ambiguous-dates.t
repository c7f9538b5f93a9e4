# 03/04/2026 may be March or April: refused with the choice to make.  REQ: A6
company "Ferretería Andina" CO COP
clock 2026-02-17T08:00-05:00
customers
| code | name |
| C1 | Almacén Uno |
file f.csv
> number,customer_code,issue_date,due_date,currency,amount
> F-1,C1,02/01/2026,03/04/2026,COP,100
import invoices f.csv refused line=2 hint ~ "--dates"
expect no invoices
import invoices f.csv --dates dmy expect booked=1
expect invoice F-1 due_date=2026-04-03
