"""Writes core/src/test/resources/fixtures/tables/csv.json: odd CSV files and the rows that pandas reads from them.

    python core/src/test/python/make_csv_fixtures.py

Made with pandas 3.0. A missing value is null.
"""

import base64
import io
import json
from pathlib import Path

import pandas as pd

OUT = Path(__file__).parents[1] / "resources" / "fixtures" / "tables" / "csv.json"
CASES = [
    ("crlf in quotes", 'a,b\r\n1,"x\r\ny"\r\n2,"x\ny"\r\n', {}, "utf-8"),
    ("blank lines", "a,b\n\n1,2\n\n\n3,4\n\n", {}, "utf-8"),
    ("one column with a blank last line", "a\n1\n2\n\n", {}, "utf-8"),
    ("one column with blanks between", "a\n1\n\n2\n", {}, "utf-8"),
    ("one column with quoted nothing", 'a\n1\n""\n2\n', {}, "utf-8"),
    ("no line end", "a,b\n1,2", {}, "utf-8"),
    ("a replacement character in the data", "a,b\nx\ufffdy,1\n\ufffd,2\n", {}, "utf-8"),
    ("characters beyond the basic plane", "a,b\n\U0001F600,\U00010000\n", {}, "utf-8"),
    ("quote in the middle", 'a,b\n1,x"y\n2,5" pipe\n', {}, "utf-8"),
    ("doubled quotes", 'a,b\n1,"say ""hi"""\n2,""""\n', {}, "utf-8"),
    ("lone carriage returns", "a,b\r1,2\r3,4\r", {}, "utf-8"),
    ("byte order mark", "\ufeffa,b\n1,2\n", {}, "utf-8"),
    ("semicolons", "a;b\n1,5;x\n", {"delimiter": ";"}, "utf-8"),
    ("tabs", "a\tb\n1\tx y\n", {"delimiter": "\t"}, "utf-8"),
    ("pipes", "a|b\n1|x,y\n", {"delimiter": "|"}, "utf-8"),
    ("names beside a header", "a,a,\n1,2,3\n", {"names": ["x", "y", "z"], "header": "skip"}, "utf-8"),
    ("windows-1252", "a,b\ncaf\u00e9,\u20ac\n", {"charset": "windows-1252"}, "cp1252"),
    ("utf-16 with its mark", "a,b\ncaf\u00e9,\u65e5\n", {"charset": "UTF-16"}, "utf-16"),
    ("utf-16 without", "a,b\ncaf\u00e9,\u65e5\n", {"charset": "UTF-16LE"}, "utf-16-le"),
    ("shift_jis", "a,b\n\u65e5\u672c,1\n", {"charset": "Shift_JIS"}, "shift_jis"),
    ("a field of 100,000 characters", "a,b\n" + "x" * 100_000 + ",1\n", {}, "utf-8"),
    ("delimiter and comment sign in quotes", 'a,b\n"1,2","#3"\n', {}, "utf-8"),
    ("missing at the ends", "a,b,c\n,2,\n1,,3\n", {}, "utf-8"),
]

out = []
for name, text, settings, codec in CASES:
    data = text.encode(codec)
    header = {"header": None, "names": settings["names"], "skiprows": 1} if "names" in settings else {}
    frame = pd.read_csv(io.BytesIO(data), sep=settings.get("delimiter", ","), dtype=str, encoding=codec, **header)
    rows = [[None if pd.isna(v) else v for v in row] for row in frame.itertuples(index=False)]
    out.append({"name": name, "bytes": base64.b64encode(data).decode(), "settings": settings,
                "names": list(frame.columns), "rows": rows})
OUT.write_text(json.dumps(out, indent=1) + "\n")
