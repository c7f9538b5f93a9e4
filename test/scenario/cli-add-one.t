# A customer and an invoice are added one at a time, with the checks of an import.  REQ: L1 A1
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
aldia --json customer add C1 --name "Almacén Uno" --email uno@cliente.example --credit-limit 5000000 --currency COP
expect json added = true
aldia --json invoice add F-1 --customer C1 --issue-date 2026-01-10 --due-date 2026-02-10 --currency COP --amount 1500.50
aldia --json invoice add F-1 --customer C1 --issue-date 2026-01-10 --due-date 2026-03-10 --currency COP --amount 500 --instalment 2
aldia --json invoice list
expect json items.length = 2
expect json items[0].open = 1500.50
expect json items[1].instalment = 2
aldia --json customer show C1
expect json contacts[0].email = uno@cliente.example
fails 75 --json customer add C1 --name "Otro"
fails 75 --json invoice add F-1 --customer C1 --issue-date 2026-01-10 --due-date 2026-02-10 --currency COP --amount 1500.50
fails 66 --json invoice add F-2 --customer NADIE --issue-date 2026-01-10 --due-date 2026-02-10 --currency COP --amount 10
fails 65 --json invoice add F-2 --customer C1 --issue-date 2026-02-10 --due-date 2026-01-10 --currency COP --amount 10
fails 65 --json invoice add F-2 --customer C1 --issue-date 2026-01-10 --due-date 2026-02-10 --currency COP --amount 10.005
fails 65 --json invoice add F-3 --customer C1 --issue-date 2026-01-10 --due-date 2026-02-10 --currency COP --amount 10 --type credit_note --applies-to F-9
fails 65 --json customer add C2 --name "Dos" --country Peru
aldia --json verify
expect json ok = true
