"""What datatrove's own filters say of 20 newsgroups and of made edge cases.

Runs the code of github.com/huggingface/datatrove (0.10.0, commit a649de79) with spaCy 3.8.16 on Python 3.11. Nothing is replaced or stubbed: its word
and sentence splitter for English is spacy.blank("en") with the sentencizer, which needs no model. Verdicts and counts are
written, no text of the newsgroups. From this directory:

    PYTHONPATH=DATATROVE/src python make_datatrove_fixtures.py 20news-bydate.tar.gz ../resources/text

writes datatrove-20news.txt.gz (a line a document, in the order of the archive: id, words, sentences that C4 keeps or -, and a letter for
each filter of FILTERS; files are read as ISO-8859-1) and datatrove-cases.json (the made cases with their words between blanks, verdicts and the
CRC-32 of the UTF-8 that C4 keeps). With a third argument, all tokens go to that file.
"""
import gzip
import json
import pathlib
import sys
import tarfile
import zlib

import datatrove_cases
from datatrove.data import Document
from datatrove.pipeline.filters import (
    C4QualityFilter,
    FineWebQualityFilter,
    GopherQualityFilter,
    GopherRepetitionFilter,
)
from datatrove.utils.text import split_into_sentences, split_into_words

FILTERS = {
    "gopher_quality": (GopherQualityFilter(), [
        "gopher_short_doc", "gopher_long_doc", "gopher_below_avg_threshold", "gopher_above_avg_threshold",
        "gopher_too_many_hashes", "gopher_too_many_ellipsis", "gopher_too_many_bullets", "gopher_too_many_end_ellipsis",
        "gopher_below_alpha_threshold", "gopher_enough_stop_words"]),
    "gopher_repetition": (GopherRepetitionFilter(), [
        "dup_para_frac", "dup_para_char_frac", "dup_line_frac", "dup_line_char_frac", "top_2_gram", "top_3_gram",
        "top_4_gram"] + [f"duplicated_{n}_n_grams" for n in range(5, 11)]),
    "c4": (C4QualityFilter(), ["lorem_ipsum", "curly_bracket", "too_few_sentences"]),
    "c4_fineweb": (C4QualityFilter(filter_no_terminal_punct=False), ["lorem_ipsum", "curly_bracket", "too_few_sentences"]),
    "fineweb": (FineWebQualityFilter(), ["empty", "line_punct_ratio", "short_line_ratio", "char_dup_ratio", "list_ratio"]),
}


def judge(text):
    """Reason by filter ("" if kept; "error" where datatrove divides by zero), and what C4's rules keep."""
    reasons, texts = {}, {}
    for name, (judge_of, _) in FILTERS.items():
        document = Document(text=text, id="x")
        try:
            verdict = judge_of.filter(document)
        except ZeroDivisionError:
            reasons[name] = "error"
            continue
        reasons[name] = "" if verdict is True else verdict[1]
        if name.startswith("c4") and verdict is True:
            texts[name] = document.text
    return reasons, texts


def letter(name, reason):
    if reason == "":
        return "."
    return "!" if reason == "error" else chr(ord("a") + FILTERS[name][1].index(reason))


def main():
    archive, out = sys.argv[1], pathlib.Path(sys.argv[2])
    everything = open(sys.argv[3], "w") if len(sys.argv) > 3 else None
    cases = []
    for text in datatrove_cases.TEXTS:
        reasons, texts = judge(text)
        cases.append({"text": text, "words": " ".join(split_into_words(text)), **reasons, **{name + "_text": zlib.crc32(kept.encode()) for name, kept in texts.items()}})
    (out / "datatrove-cases.json").write_text(json.dumps(cases, indent=0, ensure_ascii=True) + "\n")
    if archive == "-":
        return
    lines = []
    with tarfile.open(archive) as tar:
        for member in tar:
            if not member.isfile():
                continue
            text = tar.extractfile(member).read().decode("iso-8859-1")
            reasons, texts = judge(text)
            kept = texts.get("c4_fineweb")
            words = split_into_words(text)
            sentences = "-" if kept is None else sum(len(split_into_sentences(line)) for line in kept.split("\n"))
            lines.append(f"{member.name} {len(words)} {sentences} "
                         + "".join(letter(name, reason) for name, reason in reasons.items()))
            if everything:
                everything.write(json.dumps([member.name, words, reasons]) + "\n")
    with open(out / "datatrove-20news.txt.gz", "wb") as raw, gzip.GzipFile("", "wb", 9, raw, 0) as packed:
        packed.write(("\n".join(lines) + "\n").encode())


if __name__ == "__main__":
    main()
