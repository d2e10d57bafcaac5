"""Writes core/src/test/resources/fixtures/clean/rules.json: conditions over rows, evaluated by Python itself.

    python core/src/test/python/make_rule_fixtures.py

Each rule stands beside the Python expression that it means; rows have numbers, dates and texts of the types they have there.
An expression that meets None, or values of different kinds, is not a violation: null; a division by zero is "undefined". The
decimals are evaluated with decimal.Decimal in 2000 digits, quotients with fractions.Fraction. Made with Python 3.13.
"""

import itertools
import json
import math
from datetime import date
from decimal import Decimal, getcontext
from fractions import Fraction
from pathlib import Path

OUT = Path(__file__).parents[1] / "resources" / "fixtures" / "clean" / "rules.json"
RULES = [
    ("b >= a", "b >= a"),
    ("a between 0 and 120", "0 <= a <= 120"),
    ("a not between 0 and 5", "not 0 <= a <= 5"),
    ("0 <= a < 10", "0 <= a < 10"),
    ("a + b * 2 = 7", "a + b * 2 == 7"),
    ("(a + b) * 2 = 8", "(a + b) * 2 == 8"),
    ("a - b - 1 < 0", "a - b - 1 < 0"),
    ("-a < b", "-a < b"),
    ("a % 3 = 2", "a % 3 == 2"),
    ("a / b > 1", "a / b > 1"),
    ("abs(a) > 2 or b < 0", "abs(a) > 2 or b < 0"),
    ("not (a > 2 and b > 2)", "not (a > 2 and b > 2)"),
    ("a > 2 and b > 2 or a < 0", "a > 2 and b > 2 or a < 0"),
    ("max(a, b) <= 4", "max(a, b) <= 4"),
    ("s = 'open'", "s == 'open'"),
    ("s != 'open'", "s != 'open'"),
    ("s in ('open', 'closed')", "s in ('open', 'closed')"),
    ("s not in ['open']", "s not in ['open']"),
    ("starts_with(s, 'cl') or length(s) = 4", "s.startswith('cl') or len(s) == 4"),
    ("lower(s) = 'open'", "s.lower() == 'open'"),
    ("matches(s, '[a-z]+')", "__import__('re').fullmatch('[a-z]+', s) is not None"),
    ("d <= e", "d <= e"),
    ("e - d <= 30", "(e - d).days <= 30"),
    ("d >= '2020-02-01'", "d >= date(2020, 2, 1)"),
    ("year(d) = 2020 and month(d) = 1", "d.year == 2020 and d.month == 1"),
    ("d + 31 > e", "d + __import__('datetime').timedelta(31) > e"),
    ("weekday(d) < 5", "d.weekday() < 5"),
]
NUMBERS = [(1, 3), (5, 2), (-7, 0), (3, 3), (None, 1), (200, -4.5), (2.5, 2.25)]
TEXTS = ["open", "closed", "OPEN", "x1", None, "007"]
DATES = [(date(2020, 1, 31), date(2020, 2, 29)), (date(2020, 3, 1), date(2020, 2, 29)), (date(2019, 12, 28), None), (date(2020, 1, 4), date(2020, 2, 4))]


def outcome(python, row):
    names = {k: v for k, v in row.items()}
    used = [k for k in names if __import__("re").search(rf"\b{k}\b", python)]
    unknown = [k for k in used if names[k] is None]
    if unknown:  # Known all the same where any value gives the same, as in False and unknown.
        anything = {"a": [-1e9, 1e9, *range(-20, 20)], "b": [-1e9, 1e9, *range(-20, 20)], "s": ["open", "x", "closed9"], "e": [date(1, 1, 1), date(9998, 1, 1)]}
        given = {outcome(python, {**row, unknown[0]: value}) for value in anything[unknown[0]]}
        return given.pop() if len(given) == 1 else None
    try:
        return bool(eval(python, {"date": date, **names}))
    except TypeError:
        return None
    except ZeroDivisionError:
        return "undefined"


rows = []
for (a, b), s, (d, e) in zip(itertools.cycle(NUMBERS), TEXTS * 7, itertools.cycle(DATES)):
    rows.append({"a": a, "b": b, "s": s, "d": d, "e": e})
out = {
    "rows": [[None if v is None else str(v) for v in r.values()] for r in rows],
    "rules": [{"rule": r, "holds": [outcome(p, row) for row in rows]} for r, p in RULES],
}
getcontext().prec = 2000
DECIMALS = [
    # rule, Python, number type, rows of a, b, c
    ("a * b = c", "a * b == c", Decimal, [("0.1", "3", "0.3"), ("1.1", "3", "3.3"), ("2.2", "3", "6.6"), ("19.99", "7", "139.93"), ("0.1", "3", "0.30000000000000004"), ("1e200", "1e200", "1e400"), ("-0.7", "-1.1", "0.77"), ("1e-200", "1e-200", "0")]),
    ("a + b = c", "a + b == c", Decimal, [("0.1", "0.2", "0.3"), ("0.7", "0.1", "0.8"), ("1e16", "1", "10000000000000001"), ("1e300", "1e-300", "1e300"), ("9007199254740993", "0", "9007199254740992")]),
    ("a - b = c", "a - b == c", Decimal, [("0.3", "0.1", "0.2"), ("1.1", "1", "0.1"), ("100.1", "100", "0.1"), ("0.3", "0.3", "-0.0")]),
    ("a > b and c != b", "a > b and c != b", Decimal, [("9007199254740993", "9007199254740992", "9007199254740993"), ("9007199254740992", "9007199254740993", "1"), ("18446744073709551617", "18446744073709551616", "0.0"), ("0.1", "0.10000000000000000001", "1"), ("1e400", "1e399", "1"), ("-1e-400", "0", "1")]),
    ("a % b = c", "a % b == c if a * b >= 0 else a % b + b == c", Decimal, [("0.3", "0.1", "0"), ("1.1", "0.2", "0.1"), ("7", "3", "1"), ("-7.5", "2", "0.5"), ("5.5", "-2", "-0.5"), ("1e30", "7", "1")]),
    ("a / b = c", "a / b == c", Fraction, [("1", "4", "0.25"), ("0.3", "3", "0.1"), ("0.3", "0.1", "3"), ("6.6", "2.2", "3"), ("1", "3", "0.33"), ("1", "0", "1"), ("1", "0.0", "0")]),
    ("a / b * b = c", "a / b * b == c", Fraction, [("1", "3", "1"), ("10", "7", "10"), ("0.1", "0.3", "0.1"), ("2", "3", "2.0000001")]),
    ("floor(a / b) * b <= c", "(a / b).__floor__() * b <= c", Fraction, [("0.3", "0.1", "0.3"), ("0.7", "0.1", "0.69"), ("2", "3", "0")]),
    ("round(a) = b and floor(a) = c", "round(a) == b and a.__floor__() == c", Fraction, [("2.5", "2", "2"), ("3.5", "4", "3"), ("-0.5", "0", "-1"), ("1e-50", "0", "0"), ("9007199254740993.5", "9007199254740994", "9007199254740993")]),
]


def decimal_outcome(python, kind, row):
    try:
        return bool(eval(python, dict(zip("abc", map(kind, row)))))
    except ZeroDivisionError:
        return "undefined"


out["decimals"] = [{"rule": r, "rows": rows, "holds": [decimal_outcome(p, kind, row) for row in rows]} for r, p, kind, rows in DECIMALS]
OUT.write_text(json.dumps(out, separators=(",", ":")) + "\n")
assert all(len({str(h) for h in r["holds"]}) > 1 for r in out["rules"]), [r["rule"] for r in out["rules"] if len({str(h) for h in r["holds"]}) < 2]
