# The debtor's clock decides: nine in Madrid is three in the morning in Bogotá.  REQ: B9
company "Exportadora Ibérica" ES EUR
clock 2026-02-17T09:00+01:00
customers
| code | name | email | country | zone |
| C1 | Almacén Uno | pagos@uno.example | CO | America/Bogota |
| C2 | Suministros Sol | pagos@sol.example | ES | Europe/Madrid |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | EUR | 1000.50 |
| F-2 | C2 | 2026-01-20 | 2026-02-17 | EUR | 1000.50 |
activate from 2026-02-11
run expect sent=1 held.WINDOW=1
expect mail to pagos@sol.example body ~ "1.000,50"
clock 2026-02-17T13:59:59+01:00
run expect sent=0
clock 2026-02-17T14:00:00+01:00
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
