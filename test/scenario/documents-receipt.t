# A receipt says what came and what it was put to; an agreement what was agreed, to the last cent, in the three languages.  REQ: A4
company "Ferretería Andina" CO COP
clock 2026-01-31T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-10 | 2026-02-10 | COP | 100000 |
pay C1 120000 invoice F-1 reference TR-77
aldia payment receipt 1 --out @r.pdf
pdf r.pdf
expect out ~ "Recibo de pago"
expect out ~ "Recibimos de Almacén Uno la suma de $ 120.000."
expect out ~ "TR-77"
expect out ~ "F-1"
expect out ~ "$ 20.000"
aldia payment receipt 1 --out @r.pdf --language pt
pdf r.pdf
expect out ~ "Recibo de pagamento"
reverse payment of C1
aldia payment receipt 1 --out @r.pdf
pdf r.pdf
expect out ~ "Este pago fue devuelto"
fails 66 payment receipt 9 --out @r.pdf
aldia agreement print C1 --total 100000 --currency COP --instalments 3 --first 2026-01-31 --out @a.pdf --language en
pdf a.pdf
expect out ~ "Payment agreement"
expect out ~ "33.333,33"
expect out ~ "33.333,34"
expect out ~ "28 Feb 2026"
expect out ~ "31 Mar 2026"
fails 65 agreement print C1 --total 1 --currency COP --instalments 500 --first 2026-01-31 --out @a.pdf
fails 65 agreement print C1 --total 1 --currency COP --instalments 5 --first 2025-01-31 --out @a.pdf
