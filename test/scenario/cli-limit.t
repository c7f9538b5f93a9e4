# A list is complete, unless --limit says how much is wanted.  REQ: L1
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
customers
| code | name |
| C{1..620} | Cliente {n} |
aldia --json customer list
expect json items.length = 620
expect json next = null
aldia --json customer list --limit 10
expect json items.length = 10
