# A reminder says that a machine wrote it, to whom it answers, and that it may be unsubscribed from.  REQ: C1
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
conf mail_reply_to cartera@acreedor.example
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
run expect sent=1
expect mail to pagos@uno.example header:Auto-Submitted = auto-generated header:Reply-To ~ cartera@acreedor.example header:From ~ cobros@acreedor.example from = cobros@acreedor.example
