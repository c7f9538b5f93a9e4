# 1.234 may be one or a thousand: refused with the choice to make.  REQ: A6
company "Ferretería Andina" CO COP
clock 2026-02-17T08:00-05:00
customers
| code | name |
| C1 | Almacén Uno |
file dot.csv
> number,customer_code,issue_date,due_date,currency,amount
> F-1,C1,2026-01-20,2026-02-17,COP,1.234
import invoices dot.csv refused line=2 field=amount hint ~ "--decimal"
file comma.csv
> number;customer_code;issue_date;due_date;currency;amount
> F-1;C1;2026-01-20;2026-02-17;COP;1,234
import invoices comma.csv refused line=2 field=amount hint ~ "--decimal"
expect no invoices
import invoices dot.csv --decimal , expect booked=1
expect invoice F-1 amount=1234
