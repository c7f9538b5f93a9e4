# How a call ended is recorded once, with all that follows from it: contact, promise, dispute, hold and task.  REQ: E1 E3 F2
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name | email |
| C1 | Almacén Uno | pagos@uno.example |
| C2 | Almacén Dos | pagos@dos.example |
| C3 | Almacén Tres | pagos@tres.example |
invoices
| number | customer_code | issue_date | due_date | currency | amount |
| F-1 | C1 | 2026-01-20 | 2026-02-17 | COP | 100000 |
| G-1 | C2 | 2026-01-21 | 2026-02-17 | COP | 300000 |
| H-1 | C3 | 2026-01-21 | 2026-02-17 | COP | 200000 |
activate from 2026-02-11
run
expect mail to pagos@uno.example
expect mail to pagos@dos.example
expect mail to pagos@tres.example
advance 7 days at 09:00
run
expect mail to pagos@uno.example
expect mail to pagos@dos.example
expect mail to pagos@tres.example
advance 3 days at 09:00
run expect tasks=3
aldia --json task list --open
expect json items[2].customer = C3
# The panel: the script, and which call comes next, the largest first.
aldia --json call show C3
expect json script[0].title = Abrir
expect json next_customer = C2
fails 66 call show C9
fails 66 call show C3 --task 999
# What an outcome cannot do without.
fails 65 call record C3 --outcome promised
fails 65 call record C3 --outcome later --again 2026-02-01
fails 65 call record C3 --outcome disputed --invoice H-1
# Promised: the promise is there and the task is closed; the others remain.
aldia --json call record C2 --outcome promised --task 8 --amount 300000 --date 2026-03-06 --note "paga el viernes"
expect json next_customer = C3
aldia --json promise list
expect json items[0].customer = C2
# Nobody answered: the task stays, but somebody else is next.
aldia --json call record C3 --outcome no-answer --task 9
expect json next_customer = C1
aldia --json task list --open
expect json items[1].status = open
aldia --json call record C1 --outcome disputed --invoice F-1 --reason "llegó incompleto" --task 7
aldia --json dispute list
expect json items[0].invoice = F-1
aldia --json customer show C3
expect json timeline[0].kind = contact.made
# Recorded by mistake: taken back, once.
aldia promise cancel 1
fails 75 promise cancel 1
aldia --json promise list
expect json items[0].state = cancelled
aldia verify
