"""Texts at the edges of the rules, for make_datatrove_fixtures.py."""
import random

import spacy

SENTENCES = [
    "The old bridge was closed last winter because nobody had checked its cables for twenty years.",
    "If you want to bake bread at home, you only need flour, water, salt and a little patience!",
    "Where is the nearest station, and who has the key?",
    "We have been told that it isn't far from here, so let's go there with Dr. Smith at 5p.m. today.",
    "She said \"it's all right\" and he'd've believed her...",
    "It costs $12.50 or 10km/h of your time (see http://www.example.org/a-b?c=d, or jane.doe@mail-host.edu).",
    "The U.S. and the E.U. don't agree; cf. section 3.2-4, page 17.That is that.",
    "A well-known, state-of-the-art method -- or not? -- by Mrs. O'Neil & Co.",
]
LINES = [
    "- one point of several", "\u2022 another point", "more to come...", "Read on\u2026", "# heading", "Home", "Contact us",
    "This site uses cookies.", "Please enable JavaScript to see this page.", "Lorem ipsum dolor sit amet.", "if (x) { return y; }",
    "As shown before.[12] And again [citation needed]", "[edit]", "1, 2, 3, 4, 5.", "x" * 1001 + " is long.", "\u4eca\u65e5\u306f\u3002\u5929\u6c17\uff01", "Was ist das?\u00a0Nichts.",
    "\"Quoted.\"", "Rate: 5%+ (c) 1993-94 <b>bold</b> a/b x=y ~tilde^2 3*4 10-20 e-mail", "\u00a9 \u00ae 20\u00b0C. 5\u00b5m 3\u20ac US$5 C$4 7US$",
]


def made():
    yield "One."
    yield " \n\t \n"
    yield "One line without an end"
    chance = random.Random(8)
    yield "\n\n".join(SENTENCES)
    yield "\r\n".join(SENTENCES * 2)
    yield "\f".join(SENTENCES) + "\x85" + SENTENCES[0] + "\u2028" + SENTENCES[1]
    for line in LINES:
        yield "\n".join(SENTENCES[:6] + [line])
        yield "\n".join(SENTENCES[2:3] * 2 + [line] * 3)
        yield "\n".join([line] * 60)
    for share in range(0, 20):
        lines = SENTENCES * 3
        for _ in range(share * 3):
            lines.insert(chance.randrange(len(lines)), chance.choice(LINES[:7] + LINES[11:15]))
        yield "\n".join(lines)
        yield "\n\n".join(line + " " * (share % 3) for line in lines)
    for n in (2, 3, 5, 8, 10):
        for copies in range(2, 12, 3):
            words = " ".join(SENTENCES).split()
            chance.shuffle(words)
            yield " ".join(words + words[:n] * copies + words[20:]) + "."
    for words in (49, 50, 51):
        yield " ".join(["the", "house", "of", "stone"] * 30).split(" ", words)[0] + " ".join(f"word{i}a" for i in range(words - 1)) + " the of"
    # spaCy's exceptions, each with marks around it.
    rules = sorted(r for r in spacy.blank("en").tokenizer.rules if r.strip() and all(ord(c) < 0x250 or c in "\u2018\u2019\u2014" for c in r))
    yield " ".join(rules)
    yield " ".join(f"({rule})" for rule in rules if rule[0].isalpha())
    yield " ".join(f"\"{rule}," for rule in rules if rule[0].isalpha())


TEXTS = list(made())
