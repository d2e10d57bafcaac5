"""Writes core/src/test/resources/fixtures/tables/scaling.json: StandardScaler in double on awkward columns,
and min-max scaling in exact fractions (MinMaxScaler adds an offset after its factor, which cancels far from 0).

    python core/src/test/python/make_scaling_fixtures.py

Made with scikit-learn 1.9.1 and numpy 2.4.6. A missing value is null.
"""

import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
from sklearn.preprocessing import StandardScaler

OUT = Path(__file__).parents[1] / "resources" / "fixtures" / "tables" / "scaling.json"

i = np.arange(100, dtype=np.float64)
COLUMNS = {
    "unix_seconds": 1_700_000_000 + 10 * i,
    "unix_milliseconds": 1_700_000_000_000 + 7 * i,
    "far_from_zero": 1e15 + i,
    "cents_of_millions": 12_345_678.0 + i / 100,
    "small": 1e-20 * (1 + i),
    "large": 1e38 * (i - 50),
    "constant": np.full(100, 0.1),
    "with_gaps": np.where(i % 7 == 3, np.nan, 1_700_000_000 + 10 * i),
}


def numbers(values):
    return [None if math.isnan(v) else float(v) for v in values]


def min_max(raw):
    present = [Fraction(v) for v in raw if not math.isnan(v)]
    low, spread = min(present), (max(present) - min(present)) or 1
    return [v if math.isnan(v) else float((Fraction(v) - low) / spread) for v in raw]


cases = {}
for name, raw in COLUMNS.items():
    column = raw.reshape(-1, 1)
    cases[name] = {
        "raw": numbers(raw),
        "z_score": numbers(StandardScaler().fit_transform(column)[:, 0]),
        "min_max": numbers(min_max(raw)),
    }
OUT.parent.mkdir(parents=True, exist_ok=True)
OUT.write_text(json.dumps(cases, indent=1) + "\n")
