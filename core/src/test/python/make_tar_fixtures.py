"""Writes src/test/resources/fixtures/tar: the same files in the three formats of Python's tarfile, and one tar with the
metadata that Jumbo writes. Run from the module's directory: python src/test/python/make_tar_fixtures.py

With a directory as its argument it reads the tar shards there, as a check that Python reads what Jumbo wrote:
python src/test/python/make_tar_fixtures.py DIR prints each member with its length and SHA-256."""
import hashlib
import io
import pathlib
import sys
import tarfile

OUT = pathlib.Path("src/test/resources/fixtures/tar")
LONG = "folder/" + "a" * 120 + "/" + "b" * 110
FILES = [
    ("000001.cls", b"1"),
    ("000001.txt", b"the first"),
    ("000002.cls", b"0\n"),
    ("000002.seg.txt", b"x" * 1000),
    (LONG + ".cls", b"2"),
    (LONG + ".txt", "größer".encode()),
]


def add(tar, name, content, kind=tarfile.REGTYPE):
    info = tarfile.TarInfo(name)
    info.size = len(content)
    info.type = kind
    tar.addfile(info, io.BytesIO(content))


def write(name, files, form):
    with tarfile.open(OUT / name, "w", format=form) as tar:
        for path, content in files:
            add(tar, path, content)


if len(sys.argv) > 1:
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.tar")):
        with tarfile.open(path) as tar:
            for member in tar:
                content = tar.extractfile(member).read()
                print(path.name, member.name, len(content), hashlib.sha256(content).hexdigest())
    sys.exit()

OUT.mkdir(parents=True, exist_ok=True)
write("pax.tar", FILES, tarfile.PAX_FORMAT)
write("gnu.tar", FILES, tarfile.GNU_FORMAT)
write("ours.tar", FILES[:4], tarfile.USTAR_FORMAT)
with tarfile.open(OUT / "ustar.tar", "w", format=tarfile.USTAR_FORMAT) as tar:
    add(tar, "./", b"", tarfile.DIRTYPE)
    for path, content in FILES[:4]:
        add(tar, "./" + path, content)
    add(tar, "d/" + "c" * 99 + "/" + "e" * 80 + ".txt", b"in a folder")
    add(tar, "000003.txt", b"", tarfile.SYMTYPE)
