# With the zone unknown a moment must be allowed in every zone of the country.  REQ: B9
company "Comercial Azteca" MX MXN
clock 2026-02-17T09:00-06:00
customers
| code | name | email | zone |
| C1 | Abarrotes Norte | pagos@norte.example | |
| C2 | Abarrotes Centro | pagos@centro.example | America/Mexico_City |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | MXN | 1000 |
| F-2 | C2 | 2026-01-20 | 2026-02-17 | MXN | 1000 |
activate from 2026-02-11
run expect sent=1 held.WINDOW=1
expect mail to pagos@centro.example body ~ "F-2"
# 10:00 in the centre is 08:00 in Tijuana
clock 2026-02-17T09:59:59-06:00
run expect sent=0
clock 2026-02-17T10:00:00-06:00
run expect sent=1
expect mail to pagos@norte.example body ~ "F-1"
