# Sixty days rehearsed are the sixty days lived: caps, weekends, promises that break, holds that end, partial credits, bills to come.  REQ: B13 B9
company "Ferretería Andina" CO COP
clock 2026-03-02T09:00-05:00
customers
| code | name | email | kind | zone |
| C{1..5} | Cliente {n} | pagos@c{n}.example | company | |
| P{1..3} | Persona {n} | p{n}@gente.example | person | |
| E1 | Sin correo |  | company | |
| M1 | En Madrid | cuentas@madrid.example | company | Europe/Madrid |
invoices
| number | customer_code | issue_date | due_date | currency | amount | open_amount | instalment | type |
| A{1..5} | C{n} | 2026-01-1{n} | 2026-02-1{n} | COP | {n}10000 | {n}0000 | 1 | invoice |
| B{1..5} | C{n} | 2026-02-1{n} | 2026-03-1{n} | COP | {n}20000 | {n}20000 | 1 | invoice |
| D{1..5} | C{n} | 2026-03-1{n} | 2026-04-0{n} | COP | {n}30000 | {n}30000 | 1 | invoice |
| G{1..3} | P{n} | 2026-02-2{n} | 2026-03-2{n} | COP | {n}40000 | {n}40000 | 1 | invoice |
| H1 | E1 | 2026-02-20 | 2026-03-10 | COP | 70000 | 70000 | 1 | invoice |
| K1 | M1 | 2026-02-20 | 2026-03-06 | COP | 50000 | 50000 | 1 | invoice |
| K1 | M1 | 2026-02-20 | 2026-04-06 | COP | 50000 | 50000 | 2 | invoice |
| NC-4 | C4 | 2026-02-20 | 2026-02-20 | COP | 30000 | 30000 | 1 | credit_note |
activate from 2026-03-01
hold C1 "acuerdo" until 2026-03-20
promise C2 20000 by 2026-03-09 invoice A2
promise C2 240000 by 2026-03-30 invoice B2
dispute B3 "calidad"
pay C5 30000
rehearsal equals runs 60 days
