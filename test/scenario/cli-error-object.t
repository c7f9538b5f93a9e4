# With --json an error is an object on stderr: code, message, field, hint; stdout stays empty.  REQ: L1
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
fails 66 --json customer show C9
expect out empty
expect err ~ "{\"error\":{\"code\":\"NOT_FOUND\",\"message\":"
fails 66 customer show C9
expect err ~ "C9"
expect err !~ "{"
fails 64 --json nonsense
expect err ~ "{\"error\":{\"code\":\"USAGE\",\"message\":"
fails 64 --json
expect err ~ "{\"error\":{\"code\":\"USAGE\",\"message\":"
# wherever --json stands
fails 64 customer show --nonsense C1 --json
expect err ~ "{\"error\":{\"code\":\"USAGE\",\"message\":"
fails 65 customer hold C1 --reason x --until never --json
expect err ~ "{\"error\":{\"code\":\"INVALID\",\"message\":"
