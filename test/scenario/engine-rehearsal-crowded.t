# Rehearsal equals runs with many items, caps, weekends, holds, promises, disputes and credits.  REQ: B13 B9
company "Ferretería Andina" CO COP
clock 2026-02-02T09:00-05:00
customers
| code | name | email | kind |
| C{1..6} | Cliente {n} | pagos@c{n}.example | company |
| P{1..3} | Persona {n} | p{n}@gente.example | person |
invoices
| number | customer_code | issue_date | due_date | currency | amount | type |
| A{1..6} | C{n} | 2026-01-0{n} | 2026-02-0{n} | COP | {n}1000 | invoice |
| B{1..6} | C{n} | 2026-01-1{n} | 2026-02-1{n} | COP | {n}2000 | invoice |
| D{1..6} | C{n} | 2026-01-2{n} | 2026-02-2{n} | COP | {n}3000 | invoice |
| G{1..3} | P{n} | 2026-01-1{n} | 2026-02-1{n} | COP | {n}4000 | invoice |
| H{1..3} | P{n} | 2026-02-0{n} | 2026-02-2{n} | COP | {n}5000 | invoice |
| NC-1 | C5 | 2026-01-20 | 2026-01-20 | COP | 60000 | credit_note |
activate from 2026-02-01
hold C1 "acuerdo" until 2026-02-20
promise C2 21000 by 2026-02-18 invoice A2
dispute A3 "calidad"
pay C4 30000
rehearsal equals runs 45 days
