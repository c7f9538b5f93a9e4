# Exit statuses tell usage, input, missing things and conflicts apart.  REQ: L1
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
fails 64 no-such-verb
fails 64 customer
fails 64 customer list --no-such-option
fails 64 payment record --customer C1
fails 66 --json customer show C9
expect err ~ "NOT_FOUND"
fails 66 --json invoice show F-9
fails 66 --json why F-9
fails 66 --json message show 999999
fails 66 --json payment record --customer C9 --date 2026-02-17 --currency COP --amount 1
fails 65 --json payment record --customer C1 --date 2026-02-30 --currency COP --amount 1
expect err ~ "\"field\"" 
expect out empty
fails 65 --json payment record --customer C1 --date 2026-02-17 --currency COP --amount 1,5x
fails 65 --json promise add --customer C1 --amount 0 --date 2026-02-20
fails 65 --json customer hold C1 --reason x --until 2020-01-01
fails 66 --json dispute close --invoice F-1 --outcome accepted
