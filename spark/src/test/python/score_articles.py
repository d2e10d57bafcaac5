"""Scores texts of articles as scrapinghub/article-extraction-benchmark does, independently of ArticleScore.java.

python3 spark/src/test/python/score_articles.py GROUND-TRUTH.json spark/target/figures/article-extraction.json

Texts are multisets of 4-grams of words. Precision and recall are means over pages; F1 is the harmonic mean of the two.
Printed for all pages, for those with an even first digit of their name, on which rules were made, and for the others.
"""

import json
import re
import sys
from collections import Counter


def shingles(text):
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)) if words)


def score(truth, found, pages):
    precisions, recalls = [], []
    for page in pages:
        true = shingles(truth[page]["articleBody"])
        ours = shingles(found[page]["articleBody"])
        both = (true & ours).total()
        if ours:
            precisions.append(both / ours.total())
        if true:
            recalls.append(both / true.total())
    precision = sum(precisions) / len(precisions)
    recall = sum(recalls) / len(recalls)
    return 2 * precision * recall / (precision + recall), precision, recall


truth, found = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:3])
even = [page for page in truth if page[0] in "02468ace"]
odd = [page for page in truth if page[0] not in "02468ace"]
for name, pages in (("all", truth), ("even", even), ("odd", odd)):
    print(f"{name:5}", len(pages), *(f"{value:.4f}" for value in score(truth, found, pages)))
