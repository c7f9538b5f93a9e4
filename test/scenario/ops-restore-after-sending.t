# What was handed over after the backup is not repeated by the restored data: the journal knows.  REQ: L12  INV: I1 I15
only sqlite "on PostgreSQL the server's own tools restore"
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
backup b.aldia
run expect sent=2
expect 2 mails
restore b.aldia into same replace
run expect exit=0 sent=0 held.INSTANCE_UNCONFIRMED!=0
confirm instance
run expect sent=0
expect no mail
advance 7 days
run expect sent=2
expect 2 mails
