# Lord Howe moves its clocks by half an hour: windows and days hold.  INV: I13
company "Isla Exportadora" ES EUR zone Australia/Lord_Howe
clock 2026-04-03T09:00+11:00
customers
| code | name | email | country | zone |
| C1 | Almacén Uno | pagos@uno.example | ES | Australia/Lord_Howe |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-03-01 | 2026-04-07 | EUR | 100 |
activate from 2026-04-06
clock 2026-04-07T07:59:59+10:30
run expect sent=0
clock 2026-04-07T08:00:00+10:30
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
