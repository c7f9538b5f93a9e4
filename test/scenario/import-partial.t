# With --partial the good rows are booked and the others are written out with their reasons.  REQ: A6  INV: I11
company "Ferretería Andina" CO COP
clock 2026-02-17T08:00-05:00
customers
| code | name |
| C1 | Almacén Uno |
file f.csv
> number,customer_code,issue_date,due_date,currency,amount
> F-1,C1,2026-01-20,2026-02-17,COP,100000
> F-2,C9,2026-01-20,2026-02-17,COP,100000
> F-3,C1,2026-01-20,2026-02-17,COP,0
> F-4,C1,2026-01-20,2026-02-17,COP,400000
import invoices f.csv partial expect rows=4 booked=2 duplicate=0 rejected=2 errors.length=2 errors[0].line=3 errors[0].field=customer_code errors[1].line=4 errors[1].field=amount
expect 2 invoices
expect customer C1 open=500000
expect file f.csv.rejected.csv text ~ "F-2" text ~ "F-3" text !~ "F-4"
