# A connection lost in the middle of a long body is not sent, or ambiguous, never said to be sent.  INV: I3
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount | reference |
| F-{1000..4000} | C1 | 2026-01-20 | 2026-02-17 | COP | 100{n} | pedido {n} de la temporada con entrega en la bodega principal |
activate from 2026-02-11
smtp reset at body once
run expect exit=0|69 sent=0 failed=0
expect no mail
expect 1 message deferred|ambiguous to pagos@uno.example
