"""Writes core/src/test/resources/fixtures/tables/numbers.json: numbers as the locales of the Unicode CLDR write them.

    python core/src/test/python/make_number_fixtures.py

Each column is what babel makes of the same numbers in one locale and one form; babel.numbers.parse_decimal reads plain
decimals back as a check. Made with Babel 2.17 or newer. The right values are decimal texts.
"""

import json
from decimal import Decimal
from pathlib import Path

from babel.numbers import format_currency, format_decimal, format_percent, parse_decimal

OUT = Path(__file__).parents[1] / "resources" / "fixtures" / "tables" / "numbers.json"
NUMBERS = [Decimal(t) for t in "0 1 -1 7.5 -0.25 12.34 999 1000 -1234.5 3400 99999.99 1234567.89 -250 0.134 1000000".split()]
LOCALES = {"en_US": "USD", "de_DE": "EUR", "de_CH": "CHF", "fr_FR": "EUR", "sv_SE": "SEK", "pt_BR": "BRL", "ja_JP": "JPY",
           "pl_PL": "PLN", "nb_NO": "NOK", "it_IT": "EUR", "en_IN": "INR"}

columns = []
for locale, currency in LOCALES.items():
    decimals = [format_decimal(n, format=None, locale=locale, decimal_quantization=False) for n in NUMBERS]
    for text, n in zip(decimals, NUMBERS):
        assert parse_decimal(text, locale=locale) == n, (locale, text, n)
    columns.append({"name": f"{locale} decimal", "texts": decimals, "values": [str(n) for n in NUMBERS]})
    columns.append({
        "name": f"{locale} currency",
        "texts": [format_currency(n, currency, locale=locale, decimal_quantization=False) for n in NUMBERS],
        "values": [str(n) for n in NUMBERS],
    })
    columns.append({
        "name": f"{locale} percent",
        "texts": [format_percent(n, locale=locale, decimal_quantization=False) for n in NUMBERS],
        "values": [str(n) for n in NUMBERS],
    })
columns.append({
    "name": "en_US accounting",
    "texts": [format_currency(n, "USD", locale="en_US", format_type="accounting", decimal_quantization=False) for n in NUMBERS],
    "values": [str(n) for n in NUMBERS],
})
OUT.write_text(json.dumps(columns, ensure_ascii=True, indent=1) + "\n")
