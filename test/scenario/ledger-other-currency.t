# Pesos do not pay dollars.  REQ: L5  INV: I8
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name |
| C1 | Almacén Uno |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | USD | 100 |
pay C1 50000
expect invoice F-1 open=100 currency=USD
expect payment of C1 currency=COP unapplied=50000
fails 65|75 --json payment record --customer C1 --date 2026-02-17 --currency COP --amount 10 --invoice F-1
expect no payment amount=10
