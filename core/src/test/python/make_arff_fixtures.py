"""Writes core/src/test/resources/fixtures/tables/arff.json: what scipy.io.arff reads from an ARFF file.

    python core/src/test/python/make_arff_fixtures.py

Made with scipy 1.16 or newer. A missing value is null.
"""

import io
import json
import math
from pathlib import Path

from scipy.io import arff

OUT = Path(__file__).parents[1] / "resources" / "fixtures" / "tables" / "arff.json"
TEXT = """% a comment
@RELATION odd

@attribute width REAL
@Attribute 'leaf colour' {green, dark_red, blue}
@ATTRIBUTE count integer
@attribute class {yes,no}

@DATA
1.5, green, 3, yes
% between
?,dark_red,4,no
-2e3, blue, ?, yes

0.25,?,-7,no
"""
data, meta = arff.loadarff(io.StringIO(TEXT))


def value(v):
    if isinstance(v, bytes):
        return None if v == b"?" else v.decode()
    return None if math.isnan(v) else float(v)


OUT.write_text(json.dumps({"text": TEXT, "names": list(meta.names()), "rows": [[value(v) for v in row] for row in data]}, indent=1) + "\n")
