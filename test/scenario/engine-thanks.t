# A payment after which nothing is overdue is thanked for once, at an allowed hour, outside ladder and counts; not one that leaves something overdue.  REQ: D7 B10
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
conf mail_thanks on
customers
| code | name | email | contact_name |
| C1 | Almacén Uno | pagos@uno.example | Ana Díaz |
| C2 | Almacén Dos | pagos@dos.example | Luis Gil |
| C3 | Almacén Tres | pagos@tres.example | Eva Paz |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-16 | COP | 100000 |
| F-2 | C2 | 2026-01-20 | 2026-02-15 | COP | 200000 |
| F-3 | C2 | 2026-01-20 | 2026-02-16 | COP | 300000 |
| F-4 | C3 | 2026-01-20 | 2026-02-16 | COP | 400000 |
activate from 2026-02-17
run expect sent=0
mails apart su pago
pay C1 100000 invoice F-1 on 2026-02-17 reference TRX-9
pay C2 200000 invoice F-2 on 2026-02-17
pay C3 400000 invoice F-4 on 2026-02-17
hold C3 "habla con gerencia"
run expect sent=1
expect mail to pagos@uno.example subject ~ "Gracias: recibimos su pago de $ 100.000" body ~ "TRX-9" body ~ "no tiene saldos vencidos"
# Once, however often it runs; C2 still owes F-3, C3 is on hold.
run expect sent=0
advance 1 day
run expect sent=0
expect 0 messages
# Taken back before it was thanked for: nothing to thank for. In the evening nobody is written to; the morning after, if still true.
clock 2026-02-18T20:30-05:00
pay C2 300000 invoice F-3 on 2026-02-18
run expect sent=0
clock 2026-02-19T09:00-05:00
run expect sent=1
expect mail to pagos@dos.example subject ~ "su pago de $ 300.000"
# It is no contact: the reminders of the days after are not held back by it.
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-5 | C1 | 2026-02-19 | 2026-03-30 | COP | 50000 |
run expect sent=1
expect mail to pagos@uno.example body ~ "F-5"
pay C1 50000 invoice F-5 on 2026-02-19 external X-1
reverse payment of C1
run expect sent=0
