# A profile of none does not switch the law off for a natural person.  REQ: L7  RULE: CO-2300
company "Ferretería Andina" CO COP
clock 2026-02-15T10:00-05:00
conf contact_profile none
customers
| code | name | email | kind |
| P1 | Ana Gómez | ana@gente.example | person |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | P1 | 2026-01-20 | 2026-02-15 | COP | 100000 |
activate from 2026-02-15
run expect sent=0
expect no mail
