# Two runs at once share the work or one gives way: every mail once.  INV: I1 I22
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C{1..20} | Cliente {n} | pagos@c{n}.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-{1..20} | C{n} | 2026-01-20 | 2026-02-17 | COP | 100{n} |
activate from 2026-02-11
run at once 3 times
run
expect 20 mails
expect 20 messages sent
