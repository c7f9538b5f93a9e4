# Two customers with one address get a mail each; neither lists the other's debt.  INV: I16
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | contador@firma.example |
| C2 | Depósito Dos | contador@firma.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-2 | C2 | 2026-01-20 | 2026-02-17 | COP | 200000 |
activate from 2026-02-11
run expect sent=2
expect mail to contador@firma.example body ~ "F-1" body !~ "F-2"
expect mail to contador@firma.example body ~ "F-2" body !~ "F-1"
