"""Writes src/test/resources/fixtures/splits: sizes and folds as scikit-learn 1.9 makes them, and the figures of a
classification. Run from the module's directory: python src/test/python/make_split_fixtures.py"""
import json
import os

import numpy as np
from scipy import stats
from sklearn.calibration import calibration_curve
from sklearn.metrics import classification_report, confusion_matrix, roc_auc_score, average_precision_score
from sklearn.model_selection import GroupKFold, GroupShuffleSplit, KFold, StratifiedKFold, train_test_split

OUT = "src/test/resources/fixtures/splits/"
os.makedirs(OUT, exist_ok=True)
rng = np.random.default_rng(3)

sizes = []
for n in [5, 10, 12, 60, 99, 100, 103, 150, 891, 1000, 20640]:
    for share in [0.01, 0.07, 0.1, 0.15, 0.2, 0.25, 0.29, 0.3, 1 / 3, 0.5, 0.9]:
        if n - np.ceil(n * share) >= 1:
            train, held = train_test_split(np.arange(n), test_size=share, random_state=0)
            sizes.append([n, share, len(train), len(held)])

classes = np.repeat([0, 1, 2, 3], [61, 32, 10, 7])
stratified = []
for share in [0.1, 0.2, 0.25, 0.3, 0.5]:
    _, held = train_test_split(np.arange(110), test_size=share, stratify=classes, random_state=0)
    stratified.append({"share": share, "held": np.bincount(classes[held], minlength=4).tolist()})

folds = {"kfold": {}, "stratified": {}}
for k in [2, 3, 5, 7]:
    folds["kfold"][k] = [held.tolist() for _, held in KFold(k).split(np.arange(103))]
    folds["stratified"][k] = [
        np.bincount(classes[held], minlength=4).tolist() for _, held in StratifiedKFold(k).split(classes, classes)
    ]

# Sizes that all differ: which of two equal groups comes first is not promised.
group_sizes = [23, 3, 17, 8, 11, 2, 5, 31, 1, 14]
groups = np.repeat([f"g{i}" for i in range(10)], group_sizes)
order = rng.permutation(len(groups))
groups = groups[order]
group = {"groups": groups.tolist(), "folds": {}}
for k in [2, 3, 4, 5]:
    group["folds"][k] = [held.tolist() for _, held in GroupKFold(k).split(groups, groups=groups)]
equal = []
for count in [7, 10, 13]:
    names = np.repeat(np.arange(count), 4)
    for share in [0.1, 0.2, 0.3, 0.5]:
        _, held = next(GroupShuffleSplit(1, test_size=share, random_state=0).split(names, groups=names))
        equal.append([count, share, len(set(names[held]))])
group["equal"] = equal
with open(OUT + "splits.json", "w") as f:
    json.dump({"sizes": sizes, "stratified": stratified, "folds": folds, "group": group}, f)

rows, width = 400, 4
names = ["ant", "bee", "cat", "dog"]
logits = rng.normal(size=(rows, width)) * 1.5
right = rng.choice(width, size=rows, p=[0.5, 0.3, 0.15, 0.05])
logits[np.arange(rows), right] += 1.2
probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
probabilities = probabilities.astype(np.float32)
predicted = probabilities.argmax(1)
report = classification_report(right, predicted, target_names=names, output_dict=True)
confidence = probabilities.max(1)
true, mean = calibration_curve(predicted == right, confidence, n_bins=15)
# The interval by scipy's bootstrap, with many resamples: by another generator, so it agrees but roughly.
interval = stats.bootstrap(((predicted == right).astype(float),), np.mean, n_resamples=20000, method="percentile",
                           random_state=1).confidence_interval
folds5 = [0.81, 0.79, 0.86, 0.8, 0.83]
t = stats.t.interval(0.95, 4, np.mean(folds5), stats.sem(folds5))
many = rng.normal(0.7, 0.05, 40)
t40 = stats.t.interval(0.95, 39, np.mean(many), stats.sem(many))
with open(OUT + "report.json", "w") as f:
    json.dump({
        "names": names, "probabilities": [float(str(p)) for p in probabilities.reshape(-1)], "right": right.tolist(),
        "report": report, "confusion": confusion_matrix(right, predicted).tolist(),
        "roc_auc": [roc_auc_score(right == c, probabilities[:, c]) for c in range(width)],
        "average_precision": [average_precision_score(right == c, probabilities[:, c]) for c in range(width)],
        "calibration": {"accuracy": true.tolist(), "confidence": mean.tolist()},
        "interval": [interval.low, interval.high],
        "folds": folds5, "student": [np.mean(folds5), np.std(folds5, ddof=1), *t],
        "many": many.tolist(), "student40": [np.mean(many), np.std(many, ddof=1), *t40],
    }, f)
