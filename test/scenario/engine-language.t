# The language is resolved once per recipient, for the whole message.  REQ: D1 D2
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email | language |
| C1 | Almacén Uno | pagos@uno.example | es |
| C2 | Northern Tools | accounts@north.example | en |
| C3 | Ferragens do Sul | contas@sul.example | pt |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-2 | C2 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-3 | C3 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-01-01
run expect sent=3
expect mail to pagos@uno.example body ~ "factura" body !~ "invoice"
expect mail to accounts@north.example body ~ "invoice" body !~ "factura" body !~ "fatura"
expect mail to contas@sul.example body ~ "fatura" body !~ "factura" body !~ "invoice"
