# The statement as PDF, workbook and lines: its text is what the ledger says, one customer or all of them.  REQ: A4
company "Construcciones Guadalquivir, S.L." ES EUR
clock 2026-11-21T09:00+01:00
customers
| code | name | email |
| C1 | Muebles Fernández-Castañeda e Hijas | a@uno.example |
| C/2 | Møbler & Sønner | b@dos.example |
| C3 | Nada Debe | c@tres.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| FV-1 | C1 | 2026-09-01 | 2026-10-01 | EUR | 1210.00 |
| FV-2 | C1 | 2026-11-01 | 2026-12-01 | EUR | 90.50 |
| FV-9 | C/2 | 2026-09-01 | 2026-10-01 | EUR | 77.00 |
aldia company set --ways-to-pay "Banco: ES91 2100 0418 4502 0005 1332"
aldia statement show C1 --pdf @c1.pdf --csv @c1.csv --xlsx @c1.xlsx
pdf c1.pdf
expect out ~ "Muebles Fernández-Castañeda e Hijas"
expect out ~ "1.300,50 €"
expect out ~ "Factura FV-1"
expect out ~ "Escanee para pagar"
expect out !~ "FV-9"
aldia statement show C1 --at 2026-10-15 --language en --pdf @c1.pdf
pdf c1.pdf
expect out ~ "Statement of account"
expect out !~ "FV-2"
aldia --json statement export --dir @all
expect json written = 2
pdf all/C1.pdf
pdf all/C%2F2.pdf
expect out ~ "Møbler & Sønner"
fails 66 statement export --dir @all --customer NOBODY
