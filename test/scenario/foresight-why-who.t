# why names law and moment in words; a name that is both invoice and customer means the invoice, and says so.  REQ: B13  RULE: CO-2300
company "Ferretería Andina" CO COP
clock 2026-02-21T16:00-05:00
customers
| code | name | email | kind |
| 100 | Persona Cien | cien@gente.example | person |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| 100 | 100 | 2026-01-20 | 2026-02-21 | COP | 100000 |
| 101 | 100 | 2026-01-20 | 2026-03-21 | COP | 100000 |
activate from 2026-02-20
why 100 expect verdict=send WINDOW
aldia --json why 100
expect json kind = invoice
expect json also_customer = true
expect json decisions[0].reasons[code=WINDOW].data.rule = CO-2300
expect json decisions[0].next_allowed = 2026-02-23T12:00:00Z
expect json decisions[0].reasons[code=WINDOW].text = "Ley 2300 (Colombia): fuera del horario permitido; próximo momento permitido: lunes 23 de febrero de 2026, 07:00 (America/Bogota)"
why 101 expect NOT_YET
