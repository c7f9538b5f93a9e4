# Each fault of a customer file is refused with its line and field.  REQ: A6 A1  INV: I11
company "Ferretería Andina" CO COP
clock 2026-02-17T08:00-05:00
customers refused line=2 field=code
| code | name |
| | Almacén Uno |
customers refused line=2 field=name
| code | name |
| C1 | |
customers refused line=3 field=kind
| code | name | kind |
| C1 | Almacén Uno | company |
| C2 | Depósito Dos | robot |
customers refused line=2 field=email
| code | name | email |
| C1 | Almacén Uno | esto no es un correo |
customers refused line=2 field=country
| code | name | country |
| C1 | Almacén Uno | Macondo |
customers refused line=2 field=zone
| code | name | zone |
| C1 | Almacén Uno | America/Macondo |
expect no customers
