# One bad address does not stop the batch: planned = sent + failed + deferred + ambiguous.  REQ: C9  INV: I2
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
conf smtp_timeout_s 2
customers
| code | name | email |
| C{1..8} | Cliente {n} | pagos@c{n}.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-{1..8} | C{n} | 2026-01-20 | 2026-02-17 | COP | 100{n} |
activate from 2026-02-11
smtp reply 550 unknown at rcpt for pagos@c2.example
smtp reply 450 grey at rcpt once for pagos@c3.example
smtp hang at dot kept once for pagos@c4.example
smtp drop at rcpt once for pagos@c5.example
smtp reply 554 spam at dot once for pagos@c6.example
run expect planned=8 sent=3 failed=2 deferred=2 ambiguous=1 exit=0
expect 4 mails
advance 5 minutes
run expect sent=2 failed=0 ambiguous=0
expect mail to pagos@c3.example body ~ "F-3"
expect mail to pagos@c5.example body ~ "F-5"
