# A certificate nobody vouches for, an expired one, another host's: deferred, nothing is said to that server.  REQ: C1  INV: I3
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
conf smtp_security tls
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
smtp server tls=tls
conf smtp_ca_file @certs/other-ca.pem
run expect exit=0|69 sent=0 failed=0 ambiguous=0
smtp server tls=tls certificate=expired
advance 5 minutes
run expect exit=0|69 sent=0 failed=0 ambiguous=0
smtp server tls=tls certificate=wrong-host
advance 15 minutes
run expect exit=0|69 sent=0 failed=0 ambiguous=0
expect transactions 0
expect 1 message deferred to pagos@uno.example
smtp server tls=tls
advance 60 minutes
run expect sent=1
expect mail to pagos@uno.example body ~ "F-1"
