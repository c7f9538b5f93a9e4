# Names are data: markup, template marks, quotes and scripts of other alphabets arrive as text.  INV: I7 I16
company "Cía <b>Andina</b> & \"Hijos\"" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Hnos. <script>alert(1)</script> & Cía | pagos@uno.example |
| C2 | {{company.name}} {{#items}}x{{/items}} | pagos@dos.example |
| C3 | Bcc: otro@malo.example | pagos@tres.example |
| C4 | =HYPERLINK("http://malo.example") "Ñandú" 株式会社 | pagos@cuatro.example |
| C5 | Ááá éñü — “comillas” %s %n $(id) `id` ; DROP TABLE customer; | pagos@cinco.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F<1> | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-2 | C2 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-3 | C3 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-4 | C4 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| F-5 | C5 | 2026-01-20 | 2026-02-17 | COP | 100000 |
activate from 2026-02-11
run expect sent=5
expect mail to pagos@uno.example body ~ "<script>alert(1)</script> & Cía" html !~ "<script" html !~ "F<1>" html ~ "F&lt;1&gt;"
expect mail to pagos@dos.example body ~ "{{company.name}} {{#items}}x{{/items}}"
expect mail to pagos@tres.example body ~ "Bcc: otro@malo.example" header:Bcc = ""
expect mail to pagos@cuatro.example body ~ "株式会社"
expect mail to pagos@cinco.example body ~ "$(id)" body ~ "%s %n"
