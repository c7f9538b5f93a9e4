# A file that is not there and a file that is no text: told apart, nothing booked.  REQ: A6
company "Ferretería Andina" CO COP
clock 2026-02-17T09:00-05:00
fails 66 --json customer import @nope.csv
expect err ~ "nope.csv"
file empty.csv
>
import customers empty.csv refused field!=zzz
expect no customers
