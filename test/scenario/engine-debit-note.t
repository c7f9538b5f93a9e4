# A debit note is owed like an invoice; an advance and a credit note are never demanded.  REQ: A2
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount | type |
| ND-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 | debit_note |
| AN-1 | C2 | 2026-01-20 | 2026-02-17 | COP | 70000 | advance |
| NC-1 | C2 | 2026-01-20 | 2026-02-17 | COP | 10000 | credit_note |
activate from 2026-01-01
run expect sent=1
expect mail to pagos@uno.example body ~ "ND-1" body ~ "100.000"
advance 7 days
run expect sent=1
expect mail to pagos@uno.example body ~ "ND-1"
