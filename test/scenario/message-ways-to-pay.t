# Ways to pay are checked by their scheme and told to whom they serve, with a reference the bank can check.  REQ: D2
company "Insumos Altuvera" ES EUR
clock 2026-02-17T09:00+01:00
fails 65 company way set cuenta --number ES9121000418450200051332
fails 65 company way set cuenta --scheme iban --number ES9121000418450200051333
expect err ~ "not an IBAN"
fails 65 company way set Cuenta --scheme iban --number ES9121000418450200051332
aldia --json company way set cuenta --scheme iban --bank "Banco Uno" --number "es91 2100 0418 4502 0005 1332"
expect json number = "ES91 2100 0418 4502 0005 1332"
expect json warning = ""
aldia company way set peso --scheme clabe --number 032180000118359719 --for-country MX --for-currency MXN
aldia --json company way set sinpe --scheme sinpe --number 22221234 --for-country CR
expect json warning ~ "5 to 8"
aldia company way remove sinpe
fails 66 company way remove sinpe
aldia --json company way list
expect json items.length = 2
expect json items[1].code = peso
aldia --json company way code cuenta --amount 12.30 --reference C-1 --format svg --file qr.svg
expect json payload ~ "ES9121000418450200051332"
expect json payload ~ "RF35C1"
expect file qr.svg text ~ "<svg"
fails 65 company way code peso
customers
| code | name | email | country | zone |
| C-1 | Taller Uno | pagos@uno.example | ES | Europe/Madrid |
| C-2 | Taller Dos | pagos@dos.example | MX | Europe/Madrid |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C-1 | 2026-01-20 | 2026-02-17 | EUR | 100.50 |
| F-2 | C-2 | 2026-01-20 | 2026-02-17 | MXN | 200.50 |
activate from 2026-02-17
run expect sent=2
expect mail to pagos@uno.example body ~ "Banco Uno: IBAN ES91 2100 0418 4502 0005 1332" body ~ "Referencia: RF" body !~ "CLABE"
expect mail to pagos@dos.example body ~ "CLABE: 032 180 00011835971 9" body ~ "Referencia: C-2"
