# A company's own text: taken after checks, used by the next message and the rehearsal alike, kept in versions, and what left stays.  REQ: D6 D4
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email | contact_name |
| C1 | Almacén Uno | pagos@uno.example | Ana Díaz |
| C2 | Almacén Dos | pagos@dos.example | Luis Gil |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-10 | COP | 100000 |
| F-2 | C2 | 2026-01-20 | 2026-02-11 | COP | 200000 |
activate from 2026-02-17
run expect sent=1
expect mail to pagos@uno.example body ~ "aún no vemos el pago"
file friendly-a.txt
> # De la casa.
> Asunto: Le escribe {{company.name}}: {{#one_item}}{{>documento}} por {{open}} vencida, pague hasta el {{pay_by}}{{/one_item}}{{#several}}{{>documentos-vencidos}} por {{total}}, pague hasta el {{pay_by}}{{/several}}
> Título: Su cuenta
> Vista previa: Su cuenta con nosotros
>
> {{>saludo}}
>
> {{#one_item}}Al cerrar la semana vimos vencida la {{>documento}}, por {{open}}.{{/one_item}}{{#several}}Al cerrar la semana vimos {{>documentos-vencidos}}, por {{total}}.{{/several}} Le agradecemos pagar a más tardar el {{pay_by_long}}.
aldia --json template set @friendly-a.txt --path es/claim/friendly-a.txt
expect json version = 1
aldia --json template list --own
expect json items.length = 1
expect out ~ "es/claim/friendly-a.txt"
expect out ~ "company"
aldia --json template preview --customer C2
expect json wording = "es/claim/friendly-a.txt"
expect out ~ "Al cerrar la semana"
advance 1 day
run expect sent=1
expect mail to pagos@dos.example body ~ "Al cerrar la semana"
# What had left before still says what it said.
aldia message show @message:pagos@uno.example
expect out ~ "aún no vemos el pago"
expect out !~ "Al cerrar la semana"
file broken.txt
> Asunto: {{nothing}}
> Título: x
> Vista previa: x
>
> x
fails 65 --json template set @broken.txt --path es/claim/firm-a.txt
expect err ~ "es/claim/firm-a.txt:1"
aldia --json template reset es/claim/friendly-a.txt
expect json version = 2
aldia --json template preview --customer C2
expect out ~ "aún no vemos el pago"
fails 75 --json template reset es/claim/friendly-a.txt
aldia --json template history es/claim/friendly-a.txt
expect json items.length = 2
expect out ~ "reset"
aldia --json template show es/claim/friendly-a.txt --version 1
expect out ~ "De la casa"
mails apart [PRUEBA]
# A test goes to one's own address, is marked, and is no contact: what the strategy would do does not change.
aldia --json template test-send --to yo@casa.example --customer C2 --kind due_soon --language en
expect json outcome = "sent"
expect mail to yo@casa.example subject ~ "[PRUEBA]" body ~ "invoice"
expect 2 messages sent
fails 65 --json template test-send --to yo@casa.example --customer C2 --form sms
fails 65 template set --text "hola"
fails 65 template set
