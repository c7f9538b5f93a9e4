# The day before, the company's contact person reads what will be sent tomorrow, once; nothing to say is not said.  REQ: B14
company "Ferretería Andina" CO COP
clock 2026-02-16T09:00-05:00
conf mail_forewarning on
aldia company set --person-name "Marcela Ríos" --person-email marcela@andina.example
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-11 | COP | 100000 |
activate from 2026-02-16
mails apart mensaje para el
run expect sent=0
advance 1 day
run expect sent=1
expect mail to marcela@andina.example subject ~ "1 mensaje para el miércoles 18 de febrero de 2026" body ~ "C1: claim-1, email, $ 100.000"
run expect sent=0
advance 1 day
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
