# Money without a named invoice waits rather than pay an invoice dated in the future.  REQ: I4
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name |
| C1 | Almacén Uno |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-03-01 | 2026-03-30 | COP | 100 |
pay C1 100
expect invoice F-1 open=100
expect customer C1 unapplied=100
