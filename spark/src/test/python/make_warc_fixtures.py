"""Web archives with what crawlers leave in them, and what warcio reads there: the oracle of the WARC input.

Run with warcio 1.8 (a checkout on PYTHONPATH), brotli and Python 3.11:

    python make_warc_fixtures.py > ../resources/text/warc.json

Each archive has its records as warcio gives them: type, address, and the content of responses, resources and conversions.
"""

import base64
import gzip
import io
import json
import sys
import zlib

import brotli
from warcio.archiveiterator import ArchiveIterator

PAGE = ("<html><body><p>" + "Ein Fluß entspringt im Gebirge. " * 20 + "</p></body></html>").encode()


def record(http=b"", body=PAGE, kind="response", version="WARC/1.0", content="application/http; msgtype=response", line=b"\r\n",
           end=b"\r\n\r\n", target="http://x.test/a", extra=(), status=b"HTTP/1.1 200 OK", blank=True):
    block = body
    if http is not None:
        block = line.join([status, b"Content-Type: text/html; charset=utf-8", *([http] if http else []), b"", body] if blank
                          else [status, *([http] if http else []), b"Content-Type: text/html; charset=utf-8", body])
    lines = [version, f"WARC-Type: {kind}", f"WARC-Target-URI: {target}", "WARC-Date: 2024-01-01T00:00:00Z",
             "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>", *extra]
    lines += [f"Content-Type: {content}"] if content else []
    lines += [f"Content-Length: {len(block)}", "", ""]
    return line.join(x.encode() for x in lines) + block + end


def raw_deflate(data):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def chunked(data, size=100):
    parts = [data[i:i + size] for i in range(0, len(data), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in parts) + b"0\r\n\r\n"


packed, again = gzip.compress(PAGE), record(target="http://x.test/b")
ARCHIVES = {
    "plain": record() + again,
    "gzip": record(b"Content-Encoding: gzip", packed) + again,
    "gzip over a plain body": record(b"Content-Encoding: gzip") + again,
    "x-gzip in capitals": record(b"Content-Encoding: X-GZIP", packed) + again,
    "deflate by zlib": record(b"Content-Encoding: deflate", zlib.compress(PAGE)) + again,
    "deflate raw": record(b"Content-Encoding: deflate", raw_deflate(PAGE)) + again,
    "deflate over a plain body": record(b"Content-Encoding: deflate") + again,
    "br": record(b"Content-Encoding: br", brotli.compress(PAGE)) + again,
    "br over a plain body": record(b"Content-Encoding: br") + again,
    "UTF-8 as a coding": record(b"Content-Encoding: UTF-8") + again,
    "nonsense as a coding": record(b"Content-Encoding: text/html") + again,
    "empty coding": record(b"Content-Encoding: ") + again,
    "identity": record(b"Content-Encoding: identity") + again,
    "gzip cut": record(b"Content-Encoding: gzip", packed[:-30]) + again,
    "gzip without its checksum": record(b"Content-Encoding: gzip", packed[:-8]) + again,
    "chunked": record(b"Transfer-Encoding: chunked", chunked(PAGE)) + again,
    "chunked and gzip": record(b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip", chunked(packed, 30)) + again,
    "chunks joined already": record(b"Transfer-Encoding: chunked") + again,
    "chunks joined and gzip": record(b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip", packed) + again,
    "chunks joined and unpacked": record(b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip") + again,
    "another Content-Length of HTTP": record(b"Content-Length: 17") + again,
    "no WARC Content-Type": record(content=None) + again,
    "WARC 0.18": record(version="WARC/0.18") + record(version="WARC/0.17"),
    "WARC 1.1": record(version="WARC/1.1", extra=["WARC-Date: 2024-01-01T00:00:00.123456Z"]) + again,
    "LF alone": record(line=b"\n", end=b"\n\n") + record(line=b"\n", end=b"\n\n", target="http://x.test/b"),
    "three blank lines": record(end=b"\r\n\r\n\r\n") + again,
    "angle brackets": record(target="<http://x.test/a>") + again,
    "resource": record(None, kind="resource", content="text/html") + again,
    "conversion": record(None, b"plain text", kind="conversion", content="text/plain") + again,
    "others": record(None, b"software: x", kind="warcinfo", content="application/warc-fields") + record()
    + record(None, b"GET / HTTP/1.1\r\n\r\n", kind="request", content="application/http; msgtype=request")
    + record(None, b"a: b", kind="metadata", content="application/warc-fields") + again
    + record(b"", b"", kind="revisit"),
    "continued header": record(b"X-Long: a\r\n b") + again,
}


def read(archive):
    for each in ArchiveIterator(io.BytesIO(archive)):
        kind = each.rec_type
        content = each.content_stream().read() if kind in ("response", "resource", "conversion") else b""
        yield [kind, each.rec_headers.get_header("WARC-Target-URI").strip("<>"), content.decode()]


cases = []
for name, archive in ARCHIVES.items():
    try:
        records = list(read(archive))
    except Exception as e:  # Where warcio gives up there is no oracle.
        sys.stderr.write(f"{name}: {e!r}\n")
        continue
    cases.append({"name": name, "archive": base64.b64encode(gzip.compress(archive, mtime=0)).decode(), "records": records})
json.dump(cases, sys.stdout, indent=0)
