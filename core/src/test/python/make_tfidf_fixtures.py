"""Writes core/src/test/resources/fixtures/tfidf.json: TF-IDF weights of scikit-learn.

    python core/src/test/python/make_tfidf_fixtures.py

Made with scikit-learn 1.9.1 (TfidfVectorizer, words as the transform tokenize reads these texts, norm l2, smooth_idf).
"""

import json
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer

OUT = Path(__file__).parents[1] / "resources" / "fixtures" / "tfidf.json"
TRAIN = ["the cat sat on the mat the end", "a dog sat", "The DOG saw the cat 2 times", "rain in spain", "sat sat sat sat rain"]
OTHERS = ["the cat saw rain rain rain", "an unseen mat", "dog dog dog cat", "spain"]

out = {"train": TRAIN, "others": OTHERS}
for name, sublinear in (("linear", False), ("sublinear", True)):
    weights = TfidfVectorizer(token_pattern=r"\w+", sublinear_tf=sublinear).fit(TRAIN)
    words = weights.get_feature_names_out()
    for part, texts in (("train", TRAIN), ("others", OTHERS)):
        rows = weights.transform(texts).toarray()
        out[f"{name}_{part}"] = [{w: float(v) for w, v in zip(words, row) if v} for row in rows]
OUT.write_text(json.dumps(out, indent=1) + "\n")
