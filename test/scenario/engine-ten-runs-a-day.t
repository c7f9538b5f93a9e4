# How often the scheduler ticks is irrelevant: ten runs a day, one mail.  REQ: B7  INV: I1 I13
company "Ferretería Andina" CO COP
clock 2026-02-10T08:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Depósito Dos | pagos@dos.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-2 | C2 | 2026-01-20 | 2026-02-17 | COP | 200000 |
activate from 2026-01-01
run expect sent=2
expect 2 mails
advance 1 hour
run expect planned=0 sent=0
advance 1 hour
run expect sent=0
advance 1 hour
run expect sent=0
advance 1 hour
run expect sent=0
advance 1 hour
run expect sent=0
advance 1 hour
run expect sent=0
advance 1 hour
run expect sent=0
advance 1 hour
run expect sent=0
advance 1 hour
run expect sent=0
expect no mail
