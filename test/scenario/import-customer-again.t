# Importing a customer again updates it; a planned message follows the new address.  REQ: A1
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-2 | C2 | 2026-01-20 | 2026-02-17 | COP | 200000 |
activate from 2026-02-11
smtp reply 451 later at dot always
run expect deferred=2
customers expect booked=1 duplicate=1
| code | name | email |
| C1 | Almacén Uno y Medio | nuevo@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
expect customer C1 name = "Almacén Uno y Medio"
expect customer C1 open=100000
smtp normal
advance 5 minutes
run
run
expect mail to nuevo@uno.example body ~ "Uno y Medio"
expect mail to pagos@dos.example body ~ "F-2"
expect no mail to pagos@uno.example
