# Unknown columns are not swallowed in silence.  REQ: A6 A7
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers refused line=1 message ~ "color_favorito"
| code | name | color_favorito |
| C1 | Almacén Uno | azul |
expect no customers
