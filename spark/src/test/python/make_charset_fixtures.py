"""What a browser makes of bytes and pages: the oracle of the charsets of the web.

Chromium decodes bytes that Python's codecs and a random generator made, and says which charset it takes for pages with
byte order marks, headers and metas. Left out is where Chromium 156 is not what the standard says: four pairs of Big5 that
are two characters each, and broken sequences of three bytes of EUC-JP and
broken escapes of ISO-2022-JP. Run with Python 3.11 and Chromium 156:

    python make_charset_fixtures.py DIRECTORY_WITH_encodings.json > ../resources/text/charsets.json
"""

import base64
import http.server
import json
import random
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

PYTHON = {
    "UTF-8": "utf-8", "IBM866": "cp866", "KOI8-R": "koi8-r", "KOI8-U": "koi8-u", "macintosh": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic", "windows-874": "cp874", "GBK": "gbk", "gb18030": "gb18030", "Big5": "big5hkscs",
    "EUC-JP": "euc_jp", "ISO-2022-JP": "iso2022_jp", "Shift_JIS": "cp932", "EUC-KR": "cp949", "UTF-16BE": "utf-16-be",
    "UTF-16LE": "utf-16-le", "ISO-8859-8-I": "iso8859-8",
}
TEXTS = [
    "Grüße aus Köln, naïve cœur – „Zitat“ €5", "Příliš žluťoučký kůň úpěl ďábelské ódy", "Съешь ещё этих мягких французских булок",
    "Ґудзик, їжак, є", "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία", "שלום עולם", "أهلا بالعالم", "Pijamalı hasta yağız şoföre çabucak güvendi",
    "ภาษาไทยง่ายนิดเดียว", "Târziu își amintește că știe", "Žąsų švelnus ūkas", "Việt Nam", "汉语是世界上最多人使用的语言，髙﨑镕",
    "臺灣與香港嘅粵語，㗎喇", "日本語の文章①㈱～﨑髙、ｶﾀｶﾅ", "한국어 문장입니다 똠방각하 펲시콜라",
]
SINGLE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def cases(encodings):
    rng = random.Random(7)
    for name in encodings:
        multi = name in ("GBK", "gb18030", "Big5", "EUC-JP", "ISO-2022-JP", "Shift_JIS", "EUC-KR", "UTF-8", "UTF-16BE", "UTF-16LE")
        made = []
        codec = PYTHON.get(name, name.lower().replace("windows-", "cp"))
        if name != "x-user-defined":
            for text in TEXTS:
                try:
                    made.append(text.encode(codec))
                except UnicodeEncodeError:
                    pass
        if not multi:
            made.append(bytes(range(256)))
        else:
            for _ in range(40):  # Noise, near what is valid.
                pool = [0x1B, 0x28, 0x42, 0x4A, 0x49, 0x24, 0x40, 0x21, 0x5C, 0x7E, 0x80, 0x8E, 0x8F, 0xFF, 0x0E, 0x30, 0x39]
                noise = bytearray(rng.choice(pool) if rng.random() < 0.4 else rng.randrange(256) for _ in range(60))
                # Chromium resumes within a broken sequence of three bytes, and of an escape, against the standard.
                if name == "ISO-2022-JP":
                    noise = noise.replace(b"\x1b", rng.choice([b"\x1b(B", b"\x1b(J", b"\x1b(I", b"\x1b$@", b"\x1b$B"]))
                made.append(bytes(noise).replace(b"\x8f", b"\x8e") if name == "EUC-JP" else bytes(noise))
            for text in list(made[:3]):
                if name != "ISO-2022-JP":
                    made.append(text[:-1])  # Cut inside the last character.
                if b"\x8f" not in text or name != "EUC-JP":
                    made.append(text[: len(text) // 2] + b"\xff" + text[len(text) // 2:])
        if name == "UTF-8":
            made += [b"\xed\xa0\x80a", b"\xf0\x9f\x98", b"\xf4\x90\x80\x80", b"\xc0\xaf", b"\xe2\x28\xa1", "\ufeffa".encode()]
        if name.startswith("UTF-16"):
            made += [b"\xd8\x00\xdc\x00", b"\x00\xd8\x00\xdc", b"\xd8\x00\x00a", b"\x00\xd8", b"\xd8\x00\x61", b"\x00\xdca\x00\x00\xd8b"]
        for value in made:
            yield name, value


def pages():
    """Header (or None), page, as bytes; the body ends with windows-1252's e acute."""
    meta = b'<meta charset="shift_jis">'
    body = b"<p>caf\xe9 \xa4</p>"
    many = b"<script>" + b"x;" * 700 + b"</script>"
    heads = [
        meta, b"<!-- " + meta + b" -->", b"<!--> " + meta, b"<!-->" + meta + b"-->", b"<!---> " + meta, b"<!-- x --!>" + meta,
        b"<script>var a='" + meta + b"';</script>", b"<style>" + meta + b"</style>", b"<title>" + meta + b"</title>",
        b"<textarea>" + meta + b"</textarea>", b"<noscript>" + meta + b"</noscript>",
        b"<!-- " + b"x" * 1100 + b" -->" + meta, many + meta, b"<div>" + b"x" * 1100 + b"</div>" + meta, b"<div>a</div>" + meta,
        b"<body>" + b"x" * 900 + meta, b"<body>" + b"x" * 1100 + meta, b" " * 1010 + meta, b" " * 1100 + meta,
        b"<META CHARSET=GB2312>", b"<meta charset = ' euc-kr ' >", b"<meta/charset=big5/>", b"<meta name=x charset=koi8-r>",
        b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
        b'<meta content="text/html; charset=windows-1251" http-equiv=content-type>',
        b'<meta content="text/html; charset=windows-1251">', b'<meta http-equiv=refresh content="text/html; charset=windows-1251">',
        b'<meta name=description content="we use charset=windows-1251">',
        b"<meta http-equiv=content-type content='charset = \"iso-8859-9\"'>", b"<meta http-equiv=content-type content='charset=\"tis-620'>",
        b"<meta http-equiv=content-type content=\"xcharset charset=tis-620;a\">", b"<meta http-equiv=content-type content='charset tis-620'>",
        b"<meta charset=utf-16>", b"<meta charset=utf-16be>", b"<meta charset=x-user-defined>", b"<meta charset=nonsense>" + meta,
        b"<meta charset=''>" + meta, b"<metacharset=big5>" + meta, b"<meta charset=hz-gb-2312>", b"<meta charset=ascii>",
        b"</meta charset=big5>" + meta, b"<a title='" + meta + b"'>", b"<a title=\">\"" + b" x='" + meta + b"'>x</a>",
        b"<?x " + meta + b"?>", b"<!x " + meta, b"<meta charset=\"iso-8859-1\n\">",
        b"<?xml version='1.0' encoding='windows-1251'?>", b"<?xml version=\"1.0\" encoding=\"koi8-r\"?>" + meta,
        b"<?xml version=\"1.0\"?>" + meta, b" <?xml version='1.0' encoding='windows-1251'?>", b"<?xml encoding='utf-16'?>",
        b"<svg><meta charset=koi8-r></svg>", b"<iframe>" + meta + b"</iframe>", b"<xmp>" + meta + b"</xmp>",
        b"<template>" + meta + b"</template>", b"<meta charset=x-sjis", b"<meta charset", b"<meta",
        b"<script><!-- </script>" + meta, b"<script>a</scriptx>" + meta, b"<SCRIPT>" + meta + b"</SCRIPT >" + b"<meta charset=big5>",
    ]
    for head in heads:
        yield None, b"<html><head>" + head + body
    for head in heads[:8] + heads[-16:]:
        yield None, head + body
    for wide in ("utf-16-le", "utf-16-be"):
        yield None, "<?xml version='1.0'?><p>a</p>".encode(wide)
    xml = [h for h in heads if h.startswith(b"<?xml")]
    for head in xml:
        yield None, head + body
    for header in ("text/html; charset=koi8-r", "text/html;charset=\"big5\"", "text/html; charset='big5'", "text/html; charset=nonsense",
                   "text/html; CHARSET=UTF-16", "text/html; charset=utf-16be", "text/html; x=y; charset = euc-kr", "text/html; charset=hz-gb-2312",
                   "text/html; charset=", "text/html; charset= tis-620 ", "text/html;;charset=iso-8859-9", "text/html; charset=x-user-defined"):
        yield header, b"<html><head>" + meta + body
        for mark in (b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe"):
            yield header, mark + b"<html><head>" + meta + body


PAGE = r"""<!DOCTYPE html><body><pre id=o>wait</pre><script>
const bytes = b => Uint8Array.from(atob(b), c => c.charCodeAt(0));
const table = [...Array(256)].map((_, n) => { for (let k = 0; k < 8; k++) n = n & 1 ? n >>> 1 ^ 0xedb88320 : n >>> 1; return n >>> 0; });
const crc = u => { let c = 0xffffffff; for (const b of u) c = table[(c ^ b) & 255] ^ c >>> 8; return (c ^ 0xffffffff) >>> 0; };
(async () => {
  const input = await (await fetch('/input')).json(), out = {labels: {}, texts: [], sums: [], pages: []};
  for (const l of input.labels) { try { out.labels[l] = new TextDecoder(l).encoding; } catch (e) { out.labels[l] = 'replacement'; } }
  for (const [n, b] of input.cases) out.texts.push([n, b, new TextDecoder(n, {ignoreBOM: true}).decode(bytes(b))]);
  for (const n of input.sums) {
    const all = [];
    for (let a = 0x80; a < 256; a++) for (let b = 0x30; b < 256; b++) if (a == 0x8f ? b < 0xa1 : a != 0x88 || ![0x62, 0x64, 0xa3, 0xa5].includes(b)) all.push(a, b, 10);
    for (let a = 0xa1; a < 256; a++) for (let b = 0xa1; b < 256; b++) all.push(0x8f, a, b, 10);
    for (let a = 0x81; a < 0x85; a++) for (let b = 0x30; b < 0x3a; b++) for (let c = 0x81; c < 255; c++) for (let d = 0x30; d < 0x3a; d++) all.push(a, b, c, d, 10);
    out.sums.push([n, crc(new TextEncoder().encode(new TextDecoder(n).decode(Uint8Array.from(all))))]);
  }
  for (let i = 0; i < input.pages; i++) {
    const f = document.createElement('iframe');
    await new Promise(done => { f.onload = done; f.src = '/page/' + i; document.body.appendChild(f); });
    out.pages.push(f.contentDocument.characterSet);
    f.remove();
  }
  await fetch('/output', {method: 'POST', body: JSON.stringify(out)});
  document.getElementById('o').textContent = 'done';
})();
</script>"""


def main():
    encodings = [e for g in json.loads((Path(sys.argv[1]) / "encodings.json").read_text()) for e in g["encodings"]]
    names = [e["name"] for e in encodings if e["name"] != "replacement"]
    made = list(pages())
    multi = ["GBK", "gb18030", "Big5", "EUC-JP", "Shift_JIS", "EUC-KR"]
    ask = {
        "labels": [label for e in encodings for label in e["labels"]],
        "cases": [(n, base64.b64encode(b).decode()) for n, b in cases(names)],
        "sums": multi,
        "pages": len(made),
    }
    done, result = threading.Event(), {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *args):
            pass

        def reply(self, body, kind):
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            number = re.fullmatch(r"/page/(\d+)", self.path)
            if number:
                header, page = made[int(number[1])]
                self.reply(page, header or "text/html")
            elif self.path == "/input":
                self.reply(json.dumps(ask).encode(), "application/json")
            else:
                # Pages in frames that say nothing inherit this charset, so that it means none.
                self.reply(PAGE.encode(), "text/html; charset=windows-1257")

        def do_POST(self):
            result.update(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.reply(b"", "text/plain")
            done.set()

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as profile:
        browser = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=en",
             f"--user-data-dir={profile}", "--remote-debugging-port=0", f"http://127.0.0.1:{server.server_port}/"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert done.wait(180), "the browser gave no answer"
        browser.terminate()
        browser.wait()
    result["pages"] = [[h, base64.b64encode(p).decode(), c] for (h, p), c in zip(made, result["pages"])]
    json.dump(result, sys.stdout, ensure_ascii=True, indent=0)


main()
