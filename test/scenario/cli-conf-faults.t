# A mistake in aldia.conf is told with its line and what is allowed; nothing runs meanwhile.  REQ: L12
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
conf smtp_security sometimes
fails 65 --json run
expect err ~ "smtp_security"
conf smtp_security none
conf no_such_setting 1
fails 65 --json run
expect err ~ "no_such_setting"
expect transactions 0
unconf no_such_setting
