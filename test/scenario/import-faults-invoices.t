# Each fault of an invoice file is refused with its line and field; nothing is booked.  REQ: A6  INV: I11
company "Ferretería Andina" CO COP
clock 2026-02-17T08:00-05:00
customers
| code | name |
| C1 | Almacén Uno |
# due before issue
invoices refused line=2 field=due_date
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-02-20 | 2026-02-17 | COP | 100 |
# zero, negative
invoices refused line=2 field=amount
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 0 |
invoices refused line=2 field=amount
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | -100 |
# more decimals than the currency has
invoices refused line=2 field=amount
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100.1234 |
invoices refused line=2 field=amount
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | CLP | 100.50 |
# open amount above the amount
invoices refused line=2 field=open_amount
| number | customer_code | issue_date | due_date | currency | amount | open_amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100 | 200 |
# unknown type, currency, customer
invoices refused line=2 field=type
| number | customer_code | issue_date | due_date | currency | amount | type |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100 | remito |
invoices refused line=2 field=currency
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | ZZZ | 100 |
invoices refused line=2 field=customer_code
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C7 | 2026-01-20 | 2026-02-17 | COP | 100 |
# missing values
invoices refused line=2 field=number
| number | customer_code | issue_date | due_date | currency | amount |
| | C1 | 2026-01-20 | 2026-02-17 | COP | 100 |
invoices refused line=3 field=due_date
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100 |
| F-2 | C1 | 2026-01-20 | | COP | 100 |
# a number of 65 characters; 64 are allowed
invoices refused line=2 field=number
| number | customer_code | issue_date | due_date | currency | amount |
| 12345678901234567890123456789012345678901234567890123456789012345 | C1 | 2026-01-20 | 2026-02-17 | COP | 100 |
# a control character
file control.csv
> number,customer_code,issue_date,due_date,currency,amount
> F\x071,C1,2026-01-20,2026-02-17,COP,100
import invoices control.csv refused line=2 field=number
# a missing column
file missing.csv
> number,customer_code,issue_date,currency,amount
> F-1,C1,2026-01-20,COP,100
import invoices missing.csv refused line=1 field=due_date
expect no invoices
invoices expect booked=1
| number | customer_code | issue_date | due_date | currency | amount |
| 1234567890123456789012345678901234567890123456789012345678901234 | C1 | 2026-01-20 | 2026-02-17 | COP | 100 |
