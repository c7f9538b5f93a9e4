# The statement of a past date shows what was open then.  REQ: A4
awaits command "statement show"
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name |
| C1 | Almacén Uno |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-10 | COP | 100000 |
| F-2 | C1 | 2026-02-12 | 2026-03-10 | COP | 70000 |
pay C1 58766 invoice F-1 on 2026-02-15
aldia --json statement show C1
expect out ~ "41234.00"
expect out ~ "F-2"
aldia --json statement show C1 --at 2026-02-11
expect out ~ "100000.00"
expect out !~ "41234.00"
expect out !~ "F-2"
# where it cannot be written is said before anything is done
fails 66 --json statement show C1 --pdf nowhere/x.pdf
expect err ~ "{\"error\":{\"code\":\"NOT_FOUND\",\"message\":"
expect err ~ "\"field\":\"pdf\""
fails 66 statement show C1 --xlsx nowhere/x.xlsx
fails 65 statement show C1 --pdf /tmp
fails 66 backup nowhere/b.zip
