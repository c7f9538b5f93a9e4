# The default strategy is there after init and can be shown.  REQ: B2
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
aldia --json strategy list
expect json items[code=recurrente-30].code = recurrente-30
aldia strategy show recurrente-30
expect out ~ "claim-1"
