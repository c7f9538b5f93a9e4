# Chile, natural persons: two written contacts a week, Saturday allowed until 20:00, never on holidays.  REQ: L7  RULE: CL-37
company "Tienda Austral" CL CLP
clock 2026-02-14T19:59:59-03:00
customers
| code | name | email | kind | zone |
| P1 | Ana Rojas | ana@gente.example | person | America/Santiago |
| P2 | Luis Soto | luis@gente.example | person | America/Santiago |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | P1 | 2026-01-20 | 2026-02-14 | CLP | 100000 |
| F-2 | P2 | 2026-01-20 | 2026-02-15 | CLP | 100000 |
activate from 2026-02-14
run expect sent=1
expect mail to ana@gente.example body ~ "100.000"
clock 2026-02-15T10:00:00-03:00
aldia --json why F-2
expect out ~ CL-37
run expect sent=0
expect no mail
clock 2026-02-16T08:00:00-03:00
run expect sent=1
expect mail to luis@gente.example body ~ "F-2"
