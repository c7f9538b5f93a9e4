#!/usr/bin/env python3
"""An invented portfolio for measuring: customers.csv and invoices.csv in a folder.

    make_portfolio.py SIZE SEED [--out DIR] [--as-of YYYY-MM-DD]

SIZE open invoices of SIZE/5 customers in one currency, due from 120 days before to 30 days after the day --as-of. Every customer has at
least one; a few have many. The same arguments always make the same bytes."""
import argparse
import csv
import datetime
import pathlib
import random

TRADES = ("Ferretería", "Droguería", "Panadería", "Taller", "Librería", "Textiles", "Transportes", "Viveros")
PLACES = ("Andina", "del Norte", "La Ceiba", "San Telmo", "Río Claro", "del Valle", "El Faro", "Montaña")
COUNTRIES = (("ES", "es"), ("CO", "es"), ("MX", "es"), ("PT", "pt"), ("BR", "pt"), ("GB", "en"))


def rows_of(path, header):
    out = open(path, "w", encoding="utf-8", newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    return out, writer


def customers(path, count, dice):
    out, writer = rows_of(path, ["code", "name", "email", "phone", "country", "language", "segment"])
    with out:
        for i in range(1, count + 1):
            country, language = COUNTRIES[int(dice.random() * len(COUNTRIES))]
            name = f"{TRADES[int(dice.random() * len(TRADES))]} {PLACES[int(dice.random() * len(PLACES))]} {i}"
            email = "" if dice.random() < 0.05 else f"pagos@c{i:06d}.example"
            writer.writerow([f"C{i:06d}", name, email, f"+34 910 55 {int(dice.random() * 10000):04d}", country, language,
                             "key" if dice.random() < 0.03 else "business"])


def invoices(path, count, customer_count, as_of, dice):
    out, writer = rows_of(path, ["number", "customer_code", "issue_date", "due_date", "currency", "amount", "open_amount"])
    with out:
        for i in range(count):
            customer = i if i < customer_count else int(customer_count * dice.random() ** 2)
            due = as_of + datetime.timedelta(int(dice.random() * 151) - 120)
            issued = min(due, as_of) - datetime.timedelta((14, 30, 45, 60)[int(dice.random() * 4)])
            cents = int(10 ** (3.5 + 2.5 * dice.random()))
            left = cents if dice.random() >= 0.1 else max(1, int(cents * (0.2 + 0.6 * dice.random())))
            writer.writerow([f"INV-{i + 1:07d}", f"C{customer + 1:06d}", issued, due, "EUR",
                             f"{cents // 100}.{cents % 100:02d}", f"{left // 100}.{left % 100:02d}"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("size", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("--out", default=".")
    parser.add_argument("--as-of", default="2026-06-30")
    given = parser.parse_args()
    folder = pathlib.Path(given.out)
    folder.mkdir(parents=True, exist_ok=True)
    dice = random.Random(given.seed)
    count = max(1, given.size // 5)
    customers(folder / "customers.csv", count, dice)
    invoices(folder / "invoices.csv", given.size, count, datetime.date.fromisoformat(given.as_of), dice)


main()
