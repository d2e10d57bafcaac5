"""Pairs of a traditional and a simplified Chinese character, for characters that Lingua's model of Chinese has.

Lingua's model has next to no simplified ones. The pairs are Unicode's (transform Traditional-Simplified of ICU's uconv, 72.1). From this directory:

    python make_chinese_pairs.py LINGUA.jar > ../../main/resources/text/simplified.txt

Line 1 has the traditional characters, line 2 the simplified ones.
"""
import json
import subprocess
import sys
import zipfile

with zipfile.ZipFile(sys.argv[1]) as jar:
    model = json.loads(jar.read("language-models/zh/unigrams.json"))["ngrams"]
known = sorted(c for text in model.values() for c in text.split(" ") if len(c) == 1)
simple = subprocess.run(["uconv", "-x", "Traditional-Simplified"], input="\n".join(known), capture_output=True, text=True,
                        check=True).stdout.split("\n")
pairs = [(t, s) for t, s in zip(known, simple, strict=True) if t != s and len(s) == 1]
sys.stdout.write("".join(t for t, _ in pairs) + "\n" + "".join(s for _, s in pairs) + "\n")
