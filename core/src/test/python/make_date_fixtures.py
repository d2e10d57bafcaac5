"""Writes core/src/test/resources/fixtures/clean/dates.json: what Python and pandas say of dates.

    python core/src/test/python/make_date_fixtures.py

formats: datetime.strptime for texts that are and that are not of a format; columns: pandas.to_datetime with the order that a
reader would take, or "ask" where no order is certain; counts: Excel serials and Unix times by pandas; parts by pandas' .dt.
Made with Python 3.13 and pandas 3.0.
"""

import json
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import pandas as pd

OUT = Path(__file__).parents[1] / "resources" / "fixtures" / "clean" / "dates.json"


def iso(d, timed):
    if d.tzinfo is not None:
        d = d.astimezone(timezone.utc)
    text = d.replace(tzinfo=None).isoformat() if timed else d.date().isoformat()
    if timed and "." in text:
        text = text.rstrip("0")
    return text + ("Z" if d.tzinfo is not None else "")


def strptime(text, form):
    try:
        parsed = datetime.strptime(text.strip(), form)
    except ValueError:
        return None
    return iso(parsed, any(x in form for x in ("%H", "%I", "%z")))


TEXTS = {
    "%d/%m/%Y": ["31/12/2020", "1/2/2020", "29/02/2019", "29/02/2020", "31/04/2020", "12/31/2020", "x", "1/2/20", " 03/04/1999 "],
    "%m/%d/%y": ["1/1/99", "12/31/68", "12/31/69", "2/30/00", "02/29/00", "4/2/15"],
    "%d.%m.%Y %H:%M": ["01.02.2020 00:00", "1.2.2020 23:59", "1.2.2020 24:00", "1.2.2020"],
    "%Y%m%d": ["20200131", "20201301", "20200230"],
    "%d %B %Y": ["1 January 2020", "31 december 1999", "1 Jan 2020", "31 June 2020"],
    "%b %d, %Y": ["Jan 5, 2020", "FEB 29, 2021", "Sep 30, 2021"],
    "%a, %d %b %Y %H:%M:%S %z": ["Fri, 27 Nov 2020 16:07:46 +0100", "Fri, 27 Nov 2020 16:07:46 Z"],
    "%I:%M %p %d/%m/%Y": ["12:05 AM 01/02/2020", "12:05 PM 01/02/2020", "1:05 pm 01/02/2020", "13:05 PM 01/02/2020"],
    "%Y-%j": ["2020-366", "2019-001"],
    "%Y-%m-%dT%H:%M:%S.%f%z": ["2020-01-02T03:04:05.678901+02:00", "2020-01-02T03:04:05.5-0330"],
    "%d-%b-%y": ["07-Mar-05", "7-mar-71", "30-feb-05"],
}
formats = [
    {"format": f, "text": t, "gives": strptime(t, f)} for f, texts in TEXTS.items() for t in texts
]


def column(values, timed=False, **how):
    parsed = pd.to_datetime(pd.Series(values), errors="coerce", **how)
    gives = [v if pd.isna(p) else iso(p.to_pydatetime(), timed) for v, p in zip(values, parsed)]
    return {"values": values, "gives": gives}


columns = [
    column(["2020-01-31", "1999-12-01"], format="%Y-%m-%d"),
    column(["31/12/2020", "3/4/2020", "garbage"], format="%d/%m/%Y"),
    column(["3/4/2020", "12/31/2020", "45/45/2020"], format="%m/%d/%Y"),
    column(["1/1/99", "4/2/15", "12/25/06"], format="%m/%d/%y"),
    column(["5/5/2020", "7/7/2021"], format="%d/%m/%Y"),
    column(["1.2.2020", "13.2.2020"], format="%d.%m.%Y"),
    column(["99-12-31", "00-01-05"], format="%y-%m-%d"),
    column(["Jan 5, 2020", "Dec 31, 1999"], format="%b %d, %Y"),
    column(["5 March 2020", "17 May 2021"], format="%d %B %Y"),
    column(["31/12/2020 23:59", "1/2/2020 00:30"], True, format="%d/%m/%Y %H:%M"),
    column(["2020-01-31 13:05:07", "2020-02-01 00:00:00"], True, format="%Y-%m-%d %H:%M:%S"),
    column(["2020-01-31T13:05:07+02:00", "2020-01-31T00:05:07-05:00"], True, format="%Y-%m-%dT%H:%M:%S%z", utc=True),
    column(["20200131", "19991201"], format="%Y%m%d"),
    {"values": ["3/4/2020", "5/6/2020"], "gives": "ask"},
    {"values": ["1/2/03", "4/5/06"], "gives": "ask"},
    {"values": ["31/12/2020", "12/31/2020"], "gives": "ask"},
    {"values": ["3/4/2020 10:00", "3/4/2021"], "gives": "ask"},
    {"values": ["1580428800", "1600000000"], "gives": "ask"},
    {"values": ["43861", "43862"], "gives": "ask"},
    {"values": ["red", "blue"], "gives": "ask"},
]
serials = [61, 43861, 43861.5, 25569, 44197.75, 2958465]
seconds = [0, 1580428800, -86400, 1600000000.25]
counts = [
    {"format": "excel", "text": repr(s), "gives": iso(pd.to_datetime(s, unit="D", origin="1899-12-30").round("ms").to_pydatetime(), s != int(s))}
    for s in serials
]
counts += [
    {"format": "unix", "text": repr(s), "gives": iso(datetime.fromtimestamp(s, timezone.utc), True)} for s in seconds
]
counts += [{"format": "unix_ms", "text": "1580428800123", "gives": "2020-01-31T00:00:00.123Z"}]

moments = pd.to_datetime(pd.Series(["2020-01-31T13:05:07", "2019-12-30T00:00:00", "2021-03-07T23:59:59", "2000-02-29T12:00:00"]))
dt = moments.dt


def circle(at, period):
    return np.sin(2 * np.pi * at / period).tolist(), np.cos(2 * np.pi * at / period).tolist()


parts = {
    "year": dt.year, "quarter": dt.quarter, "month": dt.month, "week": dt.isocalendar().week, "day": dt.day,
    "weekday": dt.weekday, "is_weekend": (dt.weekday >= 5).astype(int), "day_of_year": dt.day_of_year, "hour": dt.hour,
    "minute": dt.minute, "second": dt.second, "days_since": (dt.normalize() - pd.Timestamp("2020-01-01")).dt.days,
}
parts = {k: [float(x) for x in v] for k, v in parts.items()}
year_days = np.where(dt.is_leap_year, 366, 365)
for name, (at, period) in {
    "month": (dt.month - 1, 12), "day": (dt.day - 1, dt.days_in_month), "weekday": (dt.weekday, 7),
    "day_of_year": (dt.day_of_year - 1, year_days), "hour": ((moments - dt.normalize()).dt.total_seconds(), 86400),
}.items():
    parts[name + "_sin"], parts[name + "_cos"] = circle(at.to_numpy(), period)
OUT.write_text(json.dumps({
    "formats": formats, "columns": columns, "counts": counts,
    "parts": {"of": [m.isoformat() for m in moments], "values": parts},
}, indent=1) + "\n")
