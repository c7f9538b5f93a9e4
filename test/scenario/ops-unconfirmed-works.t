# An unconfirmed copy can still be read and written; only sending waits.  INV: I15
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
copy data
pay C1 100000 invoice F-1
expect invoice F-1 open=0
customers expect booked=1
| code | name | email |
| C3 | Comercial Tres | pagos@tres.example |
run expect sent=0
expect transactions 0
