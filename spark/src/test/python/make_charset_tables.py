"""Packs labels and indexes of the WHATWG Encoding Standard into resources of dev.jumbo.spark.text.charset.

python make_charset_tables.py DIRECTORY: a checkout of the standard, with encodings.json and index-*.txt (CC0).
Run with the standard of 2026-05-21. An index is UTF-8 text: the character of each pointer in order, U+FFFD where there is none.
"""

import json
import sys
from pathlib import Path

source = Path(sys.argv[1])
target = Path(__file__).parents[2] / "main/resources/dev/jumbo/spark/text/charset"
target.mkdir(parents=True, exist_ok=True)


def rows(name):
    for line in (source / f"index-{name}.txt").read_text(encoding="utf-8").split("\n"):
        if line.strip() and not line.startswith("#"):
            pointer, code = line.split()[:2]
            yield int(pointer), int(code, 16)


def index(name):
    table = dict(rows(name))
    return "".join(chr(table.get(pointer, 0xFFFD)) for pointer in range(max(table) + 1))


def write(name, text):
    (target / name).write_bytes(text.encode("utf-8"))


single, labels = [], []
for group in json.loads((source / "encodings.json").read_text()):
    for encoding in group["encodings"]:
        labels.append(" ".join([encoding["name"]] + encoding["labels"]))
        if group["heading"] == "Legacy single-byte encodings":
            name = encoding["name"].lower()
            # The order of characters on a screen is all in which the two differ.
            text = index("iso-8859-8" if name == "iso-8859-8-i" else name).ljust(128, "\ufffd")
            single.append(f"{encoding['name']} {text}")
write("labels.txt", "\n".join(labels) + "\n")
write("single-byte.txt", "\n".join(single) + "\n")
for name in ("big5", "euc-kr", "gb18030", "jis0208", "jis0212"):
    write(f"{name}.txt", index(name))
write("gb18030-ranges.txt", "".join(f"{p} {c}\n" for p, c in rows("gb18030-ranges")))
