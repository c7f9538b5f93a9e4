# What goes wrong is told in the language asked for; code and field stay. Nobody asked: in English, and the reasons in the company's language.  REQ: L1
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
fails 66 --json customer show C9
expect err ~ "there is no customer with code C9"
fails 66 --json --lang es customer show C9
expect err ~ "{\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"no existe un cliente con el código C9\""
fails 66 customer show C9 --lang=pt
expect err ~ "não existe um cliente com o código C9"
fails 65 --lang es customer list --overdue pronto
expect err ~ "«pronto» no es un número"
fails 64 --lang es customer list --nada
expect err ~ "opción desconocida: --nada"
fails 64 --lang de customer list
expect err ~ "unknown language de"
file malas.csv
> number,customer_code,issue_date,due_date,currency,amount
> F-1,C1,2026-02-10,2026-02-01,COP,100000
> F-2,C9,2026-01-20,2026-02-17,COP,100000
> F-3,C1,2026-01-20,2026-02-17,COP,0
fails 65 --json --lang es invoice import @malas.csv
expect out ~ "la fecha de vencimiento 2026-02-01 es anterior a la de emisión 2026-02-10"
expect out ~ "\"field\":\"customer_code\",\"code\":\"INVALID\",\"message\":\"no existe un cliente con el código C9\",\"hint\":\"importa antes los clientes, o corrige el código\""
expect out ~ "el valor (amount) debe ser mayor que cero"
expect err ~ "línea 2: "
fails 65 --json invoice import @malas.csv
expect out ~ "amount must be greater than zero"
