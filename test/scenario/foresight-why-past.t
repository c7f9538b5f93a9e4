# why of a day gone by tells what was done then, and decides again from what was known then.  REQ: B13
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
hold C2 "acuerdo" until 2026-02-18
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
advance 3 days
resume C2
pay C1 100000
why F-1 expect verdict=none PAID
why F-1 on 2026-02-17 expect verdict=send DUE PERFORMED EVENT
why F-1 on 2026-02-18 expect verdict=none NOT_YET PERFORMED
why F-2 on 2026-02-17 expect verdict=hold HOLD
why F-2 on 2026-02-19 expect verdict=send
why C2 on 2026-02-16 expect verdict=none NOT_YET
fails 66 why F-9
aldia why F-2 --on 2026-02-17 --lang en
expect out ~ "Reminders are on hold until Wednesday 18 February 2026"
aldia why F-2 --on 2026-02-17
expect out ~ "Los recordatorios están en pausa hasta el miércoles 18 de febrero de 2026"
