"""Parquet files and JSON lines as Python writes them, and what pandas reads in them (pandas 3.0, pyarrow).

Writes src/test/resources/fixtures/tables/odd.parquet, odd.jsonl and odd.json. Run from core with Python 3.
"""
import datetime
import io
import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

OUT = Path("src/test/resources/fixtures/tables")
N = 60
times = [datetime.datetime(2021, 3, 28, 0, 30) + datetime.timedelta(minutes=30 * i) for i in range(N)]
table = pa.table({
    "seconds": pa.array(times, pa.timestamp("s")),
    "micros": pa.array([t + datetime.timedelta(microseconds=5) for t in times], pa.timestamp("us")),
    "nanos": pa.array(times, pa.timestamp("ns")),
    "berlin": pa.array(times, pa.timestamp("us", "Europe/Berlin")),
    "took": pa.array([datetime.timedelta(seconds=3 * i) for i in range(N)], pa.duration("us")),
    "took_ms": pa.array([datetime.timedelta(seconds=3 * i) for i in range(N)], pa.duration("ms")),
    "list": pa.array([[1.0, i] for i in range(N)]),
    "struct": pa.array([{"a": i} for i in range(N)]),
    "map": pa.array([[("a", i)] for i in range(N)], pa.map_(pa.string(), pa.int64())),
    "flag": pa.array([i % 3 == 0 for i in range(N)]),
    "id": pa.array([2**64 - 1 - i for i in range(N)], pa.uint64()),
    "none": pa.array([None] * N, pa.string()),
    "y": pa.array([(i * 7) % 11 + i / 2 for i in range(N)]),
})
pq.write_table(table, OUT / "odd.parquet")
frame = table.to_pandas()


def iso(value):
    return value.isoformat() if value.tzinfo is None else value.tz_convert("UTC").isoformat().replace("+00:00", "Z")


lines = []
for i in range(100):
    row = {"a": i}
    if i % 3 == 1:
        row["b"] = float("nan") if i % 2 else i / 4
    if i % 3 == 2:
        row["c"] = float("-inf") if i == 50 else "x"
    lines.append(json.dumps(row))
text = "\n".join(lines) + "\n"
(OUT / "odd.jsonl").write_text(text)
read = pd.read_json(io.StringIO(text), lines=True)
numbers = pd.read_csv(io.StringIO("x\n" + "\n".join(["0", "-0", "0.0"] * 4) + "\n"))["x"]
ids = [2**53 + 1 + 2 * i for i in range(100)]
expected = {
    "times": {c: [iso(v) for v in frame[c]] for c in ["seconds", "micros", "nanos", "berlin"]},
    "units": {c: frame[c].dtype.name for c in ["took", "took_ms"]},
    "ids": {"distinct": int(frame["id"].nunique()), "rounded": len({float(v) for v in frame["id"]}),
            "min": str(frame["id"].min()), "max": str(frame["id"].max())},
    "odd_ids": {"distinct": len(set(ids)), "rounded": len({float(v) for v in ids}), "min": str(min(ids)),
                "max": str(max(ids))},
    "zeros": int(numbers.nunique()),
    "json": {"columns": list(read.columns), "rows": len(read), "missing": {c: int(read[c].isna().sum()) for c in read},
             "infinite": int((read["c"] == float("-inf")).sum())},
}
(OUT / "odd.json").write_text(json.dumps(expected, indent=1) + "\n")
