# Without --json the lists are tables for people; data on stdout, nothing on stderr.  REQ: L1
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
aldia customer list
expect out ~ "Almacén Uno"
expect err empty
aldia invoice list
expect out ~ "F-1"
aldia message list
aldia payment list
aldia strategy list
expect out ~ "recurrente-30"
aldia customer show C1
expect out ~ "Almacén Uno"
aldia invoice show F-1
expect out ~ "F-1"
aldia --help
expect out ~ "customer"
aldia --version
expect out ~ "aldia"
