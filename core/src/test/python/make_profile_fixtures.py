"""Writes core/src/test/resources/fixtures/tables/profile.json: what pandas says of Titanic's columns, and of texts that may be
missing values.

    python core/src/test/python/make_profile_fixtures.py PATH_OF_TITANIC_CSV

Made with pandas 3.0.
"""

import io
import json
import sys
from pathlib import Path

import pandas as pd

OUT = Path(__file__).parents[1] / "resources" / "fixtures" / "tables" / "profile.json"
TOKENS = ["", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL",
          "NaN", "None", "n/a", "nan", "null", "na", "Na", "NAN", "Null", "none", "NONE", "nil", "-", "--", "?", ".", "#n/a", "N/a",
          "missing", "unknown", "NaT", "0", "inf", "-inf", "Infinity", "<na>", "#NULL!", "NA NA"]

read = pd.read_csv(io.StringIO("text,row\n" + "".join(f'"{t}",1\n' for t in TOKENS)), dtype={"text": str})
titanic = pd.read_csv(sys.argv[1])
columns = {}
for name in titanic:
    column = titanic[name]
    numeric = pd.api.types.is_numeric_dtype(column)
    columns[name] = {
        "missing": int(column.isna().sum()),
        "distinct": int(column.nunique()),
        "numeric": bool(numeric),
        "min": float(column.min()) if numeric else None,
        "max": float(column.max()) if numeric else None,
    }
infinite = pd.read_csv(io.StringIO("x\ninf\n-inf\nInfinity\n+inf\nINF\n-infinity\n1e999\n1\n"))["x"]
OUT.write_text(json.dumps({
    "tokens": [[t, bool(m)] for t, m in zip(TOKENS, read["text"].isna())],
    "titanic": columns,
    "infinite": [str(v) for v in infinite],
}, indent=1) + "\n")
