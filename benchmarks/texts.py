"""Text classification beside scikit-learn's TF-IDF with a linear model, on the same split.

    python benchmarks/texts.py prepare ../shared/data texts            # texts/NAME/train.jsonl, test.jsonl: {"text", "label"}
    python benchmarks/texts.py compare texts trec --seeds 1 2 3        # both, with intervals; needs scikit-learn

NAME: sst2 (train, and dev as validation.jsonl), trec, r8, 20newsgroups (whole messages, with their headers). compare trains the recipe
(examples/sentiment.yaml or examples/topics.yaml, with the settings of SETTINGS) with each seed by the command ./jumbo (or $JUMBO), evaluates it on the test split
and prints accuracies in percent: each seed's, their mean, and the 95 % interval of the mean (Student's t over seeds); beside it each linear model's with
Wilson's interval for that number of test texts.

Epochs, rates and n-grams are fixed in the recipes; they were chosen on SST-2's dev split and on a fifth or tenth of the other training splits.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
RECIPES = {"sst2": "sentiment", "trec": "questions", "r8": "topics", "20newsgroups": "topics"}
# topics.yaml has the 8 classes of R8; the others have their own number.
TOPICS = (
    "model={layers: [{embedding: {input_dim: 262145, output_dim: %d, padding_idx: 0, embeddings_initializer: zeros}},"
    " {weighted_sum: {weights: text_weights}}]}"
)
# The mean of vectors of n-grams without weights: better on a fifth of R8's training split.
BAG = [
    "data.dataset.records.inputs={text: {ngrams: {words: 2, buckets: 131072, max_length: 1500, truncate: true}}}",
    "model={layers: [{embedding: {input_dim: 131073, output_dim: 32, padding_idx: 0}}, {permute: [2, 1]}, global_avg_pool, {dropout: 0.3}, {dense: 8}]}",
    "train.epochs=8",
    "train.learning_rate=0.02",
]
SETTINGS = {"sst2": [], "trec": [], "r8": BAG, "20newsgroups": [TOPICS % 20, "train.epochs=3"]}
T_975 = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776}


def stanford(path):
    for line in path.read_text(encoding="latin-1").split("\n"):
        if line:
            label, text = line.split(" ", 1)
            yield text, label


def trec(path):
    names = ("description", "entity", "abbreviation", "human", "location", "number")
    for text, label in stanford(path):
        yield text, names[int(label)]


def r8(folder, part):
    rows = [line.split("\t") for line in (folder / "R8.txt").read_text().splitlines()]
    texts = (folder / "R8.clean.txt").read_text().split("\n")
    for (_, split, label), text in zip(rows, texts):
        if part in split:
            yield text.strip(), label


def newsgroups(archive, part):
    with tarfile.open(archive) as tar:
        for member in tar:
            where = member.name.split("/")
            if member.isfile() and any(each.endswith("-" + part) for each in where[:-2]):
                yield tar.extractfile(member).read().decode("latin-1"), where[-2]


def write(folder, name, rows):
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"{name}.jsonl", "w", encoding="utf-8") as out:
        for text, label in rows:
            out.write(json.dumps({"text": text, "label": label}) + "\n")


def prepare(data, out):
    for name, part in (("train", "train"), ("validation", "dev"), ("test", "test")):
        rows = stanford(data / "sst2" / f"stsa.binary.{part}")
        write(out / "sst2", name, ((text, ("negative", "positive")[int(label)]) for text, label in rows))
    for part in ("train", "test"):
        write(out / "trec", part, trec(data / "trec" / f"TREC.{part}.all"))
        write(out / "r8", part, r8(data / "reuters-r8", part))
        write(out / "20newsgroups", part, newsgroups(data / "20newsgroups" / "20news-bydate.tar.gz", part))


def read(path):
    rows = [json.loads(line) for line in open(path, encoding="utf-8")]
    return [row["text"] for row in rows], [row["label"] for row in rows]


def linear(folder):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

    texts, labels = read(folder / "train.jsonl")
    others, truth = read(folder / "test.jsonl")
    for grams in ((1, 1), (1, 2)):
        weights = TfidfVectorizer(ngram_range=grams, sublinear_tf=True)
        x, y = weights.fit_transform(texts), weights.transform(others)
        for model in (LogisticRegression(C=10, max_iter=1000), LinearSVC()):
            share = model.fit(x, labels).score(y, truth)
            yield f"TF-IDF {grams[0]}-{grams[1]} words, {type(model).__name__}", share, len(truth)


def wilson(p, n, z=1.96):
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return 100 * (middle - half), 100 * (middle + half)


def trained(folder, name, seed, runs):
    jumbo = os.environ.get("JUMBO", str(HERE / "jumbo"))
    run = runs / f"{name}-{seed}"
    recipe = HERE / "examples" / f"{RECIPES[name]}.yaml"
    paths = {part: (folder / f"{part}.jsonl").resolve() for part in ("train", "validation", "test")}
    sets = [f"data.dataset.records.{part}.json_lines.path={path}" for part, path in paths.items() if path.exists()]
    sets += [f"train.seed={seed}"] + SETTINGS[name]
    options = [each for one in sets for each in ("--set", one)]
    subprocess.run([jumbo, "train", str(recipe), "--out", str(run), *options], check=True, stdout=sys.stderr)
    found = subprocess.run([jumbo, "evaluate", str(run), "--split", "test", "--json"], check=True, capture_output=True, text=True)
    return json.loads(found.stdout)


def compare(texts, name, seeds, runs):
    for what, share, count in linear(texts / name):
        low, high = wilson(share, count)
        print(f"{name}: {what}: {100 * share:.2f} ({low:.2f} to {high:.2f})", flush=True)
    shares = []
    for seed in seeds:
        answer = trained(texts / name, name, seed, runs)
        shares.append(100 * accuracy(answer))
        print(f"{name}: {RECIPES[name]}.yaml, seed {seed}: {shares[-1]:.2f}", flush=True)
    if len(shares) > 1:
        half = T_975[len(shares)] * statistics.stdev(shares) / math.sqrt(len(shares))
        print(f"{name}: {RECIPES[name]}.yaml, mean of {len(shares)}: {statistics.mean(shares):.2f} +- {half:.2f}")


def accuracy(answer):
    return answer["accuracy"] if "accuracy" in answer else answer["metrics"]["accuracy"]


def main():
    parser = argparse.ArgumentParser()
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("prepare")
    one.add_argument("data", type=Path)
    one.add_argument("out", type=Path)
    other = verbs.add_parser("compare")
    other.add_argument("texts", type=Path)
    other.add_argument("name", choices=RECIPES)
    other.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    other.add_argument("--runs", type=Path, default=Path("runs/texts"))
    given = parser.parse_args()
    if given.verb == "prepare":
        prepare(given.data, given.out)
    else:
        compare(given.texts, given.name, given.seeds, given.runs)


if __name__ == "__main__":
    main()
