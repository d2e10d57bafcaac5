"""Documents, and what the rules of Gopher, C4 and FineWeb say of them, by an implementation of its own.

Written from the papers' tables and from the definitions in docs/text.md, with regular expressions and sets where Jumbo
has positions and hashes. Python 3.11, no packages. Run from this directory:

    python make_quality_fixtures.py > ../resources/text/quality.json

With a directory as argument, 100 of its files (20 newsgroups, say) are judged too; the committed file is made without.
Of texts that C4's rules change, the fixture has the CRC-32 of their UTF-8.
"""
import collections
import json
import pathlib
import random
import re
import sys
import unicodedata
import zlib

TERMINAL = ".!?\u2026\u3002\uff01\uff1f"
CLOSING = "\"'\u201d\u2019\u00bb"
STOP = {"the", "be", "to", "of", "and", "that", "have", "with"}
BULLETS = tuple("\u2022\u2023\u25e6\u25cf\u25aa\u2043-*")


def tokens(text):
    return text.split()


def words(text):
    found = []
    for token in tokens(text):
        inside = [i for i, c in enumerate(token) if c.isalpha() or c.isdecimal() or c.isdigit() and c.isdecimal()]
        if inside:
            found.append(token[inside[0]:inside[-1] + 1])
    return found


def lines(text):
    return [line.strip() for line in text.split("\n") if line.strip()]


def paragraphs(text):
    """Runs of lines without an empty one between, each as the tuple of its lines."""
    found, current = [], []
    for line in text.split("\n") + [""]:
        if line.strip():
            current.append(line.strip())
        elif current:
            found.append(tuple(current))
            current = []
    return found


def ellipsis(line):
    return line.endswith("...") or line.endswith("\u2026")


def punctuated(line):
    return line.endswith(tuple(TERMINAL + CLOSING))


def gopher_quality(text):
    w = words(text)
    n = len(w)
    if n < 50:
        return "gopher.too_few_words"
    if n > 100_000:
        return "gopher.too_many_words"
    mean = sum(map(len, w)) / n
    if mean < 3:
        return "gopher.short_words"
    if mean > 10:
        return "gopher.long_words"
    if text.count("#") / n > 0.1:
        return "gopher.hash_signs"
    if (text.count("...") + text.count("\u2026")) / n > 0.1:
        return "gopher.ellipses"
    all_lines = lines(text)
    if sum(line.startswith(BULLETS) for line in all_lines) / len(all_lines) > 0.9:
        return "gopher.bullet_lines"
    if sum(map(ellipsis, all_lines)) / len(all_lines) > 0.3:
        return "gopher.ellipsis_lines"
    t = tokens(text)
    if sum(any(c.isalpha() for c in token) for token in t) / len(t) < 0.8:
        return "gopher.not_alphabetic"
    if len(STOP & {word.lower() for word in w}) < 2:
        return "gopher.stop_words"
    return ""


def repeats(parts, length):
    seen = collections.Counter(parts)
    again = sum(count - 1 for count in seen.values())
    again_chars = sum((count - 1) * length(part) for part, count in seen.items())
    total = sum(map(length, parts))
    return (again / len(parts) if parts else 0), (again_chars / total if total else 0)


def normal(text):
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"(?<=[^\W_])['\u2019](?=[^\W_])", "", text)
    return [word.lower() for word in re.findall(r"[^\W_]+", text)]


def gopher_repetition(text):
    line_share, line_chars = repeats(lines(text), len)
    par_share, par_chars = repeats(paragraphs(text), lambda p: sum(map(len, p)))
    if line_share > 0.3:
        return "gopher.duplicate_lines"
    if par_share > 0.3:
        return "gopher.duplicate_paragraphs"
    if line_chars > 0.2:
        return "gopher.duplicate_line_characters"
    if par_chars > 0.2:
        return "gopher.duplicate_paragraph_characters"
    w = normal(text)
    total = sum(map(len, w))
    for n, limit in (2, 0.20), (3, 0.18), (4, 0.16):
        grams = collections.Counter(tuple(w[i:i + n]) for i in range(len(w) - n + 1))
        if grams and max(grams.values()) > 1:
            most = max(grams.values())
            longest = max(sum(map(len, gram)) for gram, count in grams.items() if count == most)
            if longest * most / total > limit:
                return f"gopher.top_{n}_gram"
    for n, limit in (5, 0.15), (6, 0.14), (7, 0.13), (8, 0.12), (9, 0.11), (10, 0.10):
        seen, inside = set(), set()
        for i in range(len(w) - n + 1):
            gram = tuple(w[i:i + n])
            if gram in seen:
                inside.update(range(i, i + n))
            seen.add(gram)
        if total and sum(len(w[i]) for i in inside) / total > limit:
            return f"gopher.duplicate_{n}_grams"
    return ""


def fineweb(text):
    all_lines = lines(text)
    count = len(all_lines) or 1
    if sum(map(punctuated, all_lines)) / count <= 0.12:
        return "fineweb.line_punctuation"
    if repeats(all_lines, len)[1] >= 0.01:
        return "fineweb.duplicate_lines"
    if sum(len(line) <= 30 for line in all_lines) / count >= 0.67:
        return "fineweb.short_lines"
    if text.strip().count("\n") / max(1, len(words(text))) > 0.3:
        return "fineweb.newlines"
    return ""


ABBREVIATION = re.compile(r"(?:^|[^A-Za-z])(?:[A-HJ-Z]|Mr|Mrs|Ms|Dr|Prof|St|vs|etc|No)$")


def sentences(line):
    found, start = 0, 0
    for stop in re.finditer(r"[.!?\u2026][.!?\u2026\"'\u201d\u2019\u00bb)\]]*(\s+|$)", line):
        if not any(c.isalnum() for c in line[start:stop.start()]):
            continue
        rest = line[stop.end():]
        if rest and (rest[0].islower() or line[stop.start()] == "." and ABBREVIATION.search(line[:stop.start()])):
            continue
        found += 1
        start = stop.end()
    return found + any(c.isalnum() for c in line[start:])


def c4(text, terminal=True):
    """The reason, and the lines that are left."""
    if "{" in text:
        return "c4.curly_bracket", []
    kept, count = [], 0
    for line in lines(text):
        line = re.sub(r"\[\d*\]|\[edit\]|\[citation needed\]", "", line).strip()
        lower = line.lower()
        if "lorem ipsum" in lower:
            return "c4.lorem_ipsum", []
        if any(len(word) > 1000 for word in line.split()):
            continue
        if terminal and (not punctuated(line) or ellipsis(line)):
            continue
        if len(line.split()) < 3 or "javascript" in lower:
            continue
        if any(phrase in lower for phrase in ("terms of use", "privacy policy", "cookie policy", "uses cookies",
                                              "use of cookies", "use cookies")):
            continue
        kept.append(line)
        count += sentences(line)
    return ("c4.too_few_sentences", []) if count < 5 else ("", kept)


COMMON = ("the of and to a in that is was he for it with as his on be at by had not are but from or have an they which "
          "one you were all her she there would their we him been has when who will no more if out so said what up its "
          "about than into them can only other time new some could these two may first then do").split()
RARE = ("mountain river engineer telescope harvest committee election painting violin laboratory glacier merchant "
        "parliament orchestra satellite geometry chemistry voyage cathedral journalist microscope").split()


def sentence(rng, low=6, high=18):
    chosen = [rng.choice(COMMON if rng.random() < 0.7 else RARE) for _ in range(rng.randint(low, high))]
    chosen[0] = chosen[0].capitalize()
    if rng.random() < 0.2:
        chosen[rng.randrange(len(chosen))] += ","
    if rng.random() < 0.1:
        chosen.insert(len(chosen) // 2, rng.choice(["Mr. Brown", "J. Smith", "3.14", "don't", "(see", "U.S. Steel", "1,200"]))
    return " ".join(chosen) + rng.choice([".", ".", ".", "!", "?", ".\"", "..."])


def document(rng):
    """Prose, spoiled in some way by chance."""
    made = []
    for _ in range(rng.randint(1, 8)):
        made.append(" ".join(sentence(rng) for _ in range(rng.randint(1, 5))))
    ways = ["none", "bullets", "ellipses", "hashes", "numbers", "short", "long", "repeat_lines", "repeat_paragraphs",
            "phrase", "menu", "javascript", "lorem", "curly", "policy", "citations", "symbols", "letters", "unicode",
            "passage"]
    way = rng.choice(ways)
    if way == "bullets":
        made = [rng.choice("\u2022-*") + " " + line for line in made]
    elif way == "ellipses":
        made = [line + rng.choice([" ...", "\u2026", " and"]) for line in made]
    elif way == "hashes":
        made = [re.sub(r" (\w)", lambda m: (" #" if rng.random() < 0.12 else " ") + m[1], line) for line in made]
    elif way == "numbers":
        made = [" ".join(w if rng.random() < 0.75 else str(rng.randint(0, 9999)) for w in line.split()) for line in made]
    elif way == "short":
        made = [" ".join(w[:rng.randint(1, 4)] for w in line.split()) for line in made]
    elif way == "long":
        made = [" ".join(w * rng.randint(1, 4) for w in line.split()) for line in made]
    elif way == "repeat_lines":
        made += [rng.choice(made)[:rng.randint(10, 300)] for _ in range(rng.randint(1, 4))]
        made += made[:rng.randint(0, 2)]
    elif way == "repeat_paragraphs":
        made = made + [""] + made[:rng.randint(1, 3)]
    elif way == "phrase":
        phrase = " ".join(rng.choice(COMMON + RARE) for _ in range(rng.randint(2, 4)))
        made = [" ".join(w + (" " + phrase if rng.random() < 0.15 else "") for w in line.split()) for line in made]
    elif way == "passage":
        passage = " ".join(sentence(rng, 5, 8) for _ in range(2))
        made = [line + " " + passage if rng.random() < 0.5 else line for line in made]
    elif way == "menu":
        made += [rng.choice(["Home", "About us", "Contact", "Sign in", "Products and services", "More"])
                 for _ in range(rng.randint(1, 30))]
    elif way in ("javascript", "lorem", "curly", "policy"):
        more = {"javascript": "Please enable JavaScript to see this page.", "lorem": "Lorem Ipsum dolor sit amet.",
                "curly": "function f() { return 1; }", "policy": "This site uses cookies and has a privacy policy."}[way]
        made.insert(rng.randrange(len(made) + 1), more)
    elif way == "citations":
        made = [re.sub(r"([.!?])", lambda m: m[1] + rng.choice(["", "[1]", "[edit]", "[citation needed]", "[x]"]), line)
                for line in made]
    elif way == "symbols":
        made = [" ".join(w if rng.random() < 0.8 else rng.choice(["--", "*", "=>", "|"]) for w in line.split())
                for line in made]
    elif way == "letters":
        made = [re.sub(r"\b(the|be|to|of|and|that|have|with)\b", "zu", line, flags=re.I) for line in made]
    elif way == "unicode":
        made = [line.replace("e", "\u00e9").replace("'", "\u2019").replace("a", "\u00e4") + " \u201cnaïve\u201d"
                for line in made]
    return rng.choice(["\n", "\n", "\n\n"]).join(made)


EDGES = ["", " \n\n ", "one", "#" * 100, "the and " * 30, "the and " * 24 + "the", "..." * 50, "a\n" * 60,
         "The end. " * 4, "The long end. " * 5, "{", "a" * 1001 + " is long. " + "It is so. " * 6, "[1][2] [edit]",
         "\u2026\n" * 40, "Mr. Brown met Dr. Jones. Then he left. Who? Nobody knows. It was late. The door was open.",
         "\n".join(f"Item {n} has its price." for n in range(12)), "\n".join(f"A line of length {n:02d} is here." for n in range(9)),
         "\n".join("un" * 16 + f"{n}." for n in range(12)), "\n\n".join(f"Three-long-words-are {n} paragraph-enough." for n in range(20)),
         "\u00a0The\u00a0text\u00a0has no\u00a0breaks.\u00a0" * 20]


def crc(kept):
    return zlib.crc32("\n".join(kept).encode())


def judged(text):
    c4_reason, kept = c4(text)
    free_reason, free_kept = c4(text, terminal=False)
    return {"text": text, "gopher_quality": gopher_quality(text), "gopher_repetition": gopher_repetition(text),
            "fineweb": fineweb(text), "c4": c4_reason, "c4_text": crc(kept), "c4_fineweb": free_reason,
            "c4_fineweb_text": crc(free_kept)}


def main():
    rng = random.Random(7)
    made = [judged(text) for text in EDGES + [document(rng) for _ in range(240)]]
    for rule in "gopher_quality", "gopher_repetition", "fineweb", "c4":
        print(rule, dict(collections.Counter(m[rule] for m in made)), file=sys.stderr)
    if len(sys.argv) > 1:
        files = sorted(p for p in pathlib.Path(sys.argv[1]).rglob("*") if p.is_file())
        for path in rng.sample(files, min(100, len(files))):
            made.append(judged(path.read_text("latin-1").replace("\r", "")))
    json.dump(made, sys.stdout, ensure_ascii=True, indent=None, separators=(",", ":"))


main()
