"""Writes core/src/test/resources/fixtures/clean/texts.json: case, blanks and Unicode forms by Python.

    python core/src/test/python/make_text_fixtures.py

title is str.title for texts without an apostrophe between letters; those have what English spelling has, by hand; so have letters with
combining marks, which str.title takes for the end of a word.
Made with Python 3.13.
"""

import json
import unicodedata
from pathlib import Path

OUT = Path(__file__).parents[1] / "resources" / "fixtures" / "clean" / "texts.json"
TEXTS = [
    "new YORK", "straße", "ÉCOLE normale", "x-ray 3b", "ΟΔΥΣΣΕΥΣ ΣΟΦΟΣ", "ǆungla", "ﬁne", "", "a", "ñandú", "the 2nd",
    "o.k. then", "ООО «ромашка»", "hello_world", "１２ａ", "日本 tokyo",
]
BLANKS = ["\u00a0a\u00a0", "a\u2003 b", "\ta\n b ", "\u3000x\u3000", "\x1cx\x1f", "a\u200bb", "\u0085x", "plain"]
out = {
    "case": [{"text": t, "upper": t.upper(), "lower": t.lower(), "title": t.title()} for t in TEXTS],
    "title": [["they're o'neil", "They're O'neil"], ["it\u2019s", "It\u2019s"], ["'quoted'", "'Quoted'"], ["e\u0301tude", "E\u0301tude"], ["rock 'n' roll", "Rock 'N' Roll"]],
    "blanks": [[t, " ".join(t.split())] for t in BLANKS],
    "forms": [
        {"text": t, **{f.lower(): unicodedata.normalize(f, t) for f in ("NFC", "NFD", "NFKC", "NFKD")}}
        for t in ["é", "e\u0301", "ﬁ", "Å", "Ａ１", "한글", "ẛ̣", "plain"]
    ],
}
OUT.write_text(json.dumps(out, indent=1) + "\n")
