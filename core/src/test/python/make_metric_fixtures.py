"""Writes core/src/test/resources/metrics/fixtures.json: what scikit-learn says of small sets of predictions.

    python core/src/test/python/make_metric_fixtures.py

Ties in scores, rare classes, absent classes, a single class, one-hot and binary targets, several outputs.
Made with scikit-learn 1.9.1 and numpy 2.4.6. A figure that is not defined is null.
"""

import json
import math
import warnings
from pathlib import Path

import numpy as np
from sklearn import metrics as sk

OUT = Path(__file__).parents[1] / "resources" / "metrics" / "fixtures.json"
warnings.simplefilter("ignore")


def number(value):
    value = float(value)
    return value if math.isfinite(value) else None


def calibration_error(probabilities, predicted, targets, bins):
    """Guo et al. (2017), equation 3, on the probability of the predicted class, bins (lower, upper]."""
    confidence = probabilities[np.arange(len(targets)), predicted]
    right = (predicted == targets).astype(float)
    edges = np.linspace(0, 1, bins + 1)
    error = 0.0
    for lower, upper in zip(edges[:-1], edges[1:]):
        inside = (confidence > lower) & (confidence <= upper)
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return error


def averages(targets, predicted, binary):
    out = {}
    for average in ("micro", "macro", "weighted") + (("binary",) if binary else ()):
        suffix = "" if average == "binary" else "_" + average
        for name, function in (("precision", sk.precision_score), ("recall", sk.recall_score), ("f1", sk.f1_score)):
            out[name + suffix] = number(function(targets, predicted, average=average, zero_division=0))
    return out


def classification(name, outputs, targets, classes, one_hot=False):
    """outputs: [rows, classes] probabilities, or [rows] of class 1; float32, as the library has them."""
    outputs = np.asarray(outputs, np.float32)
    targets = np.asarray(targets)
    single = outputs.ndim == 1
    labels = list(range(classes))
    exact = outputs.astype(np.float64)
    two_columns = np.stack([1 - exact, exact], 1) if single else exact
    predicted = (outputs > 0.5).astype(int) if single else outputs.argmax(1)
    expected = {"accuracy": number(sk.accuracy_score(targets, predicted))}
    expected |= averages(targets, predicted, classes == 2)
    clipped = np.clip(two_columns, np.finfo(np.float32).eps, 1 - np.finfo(np.float32).eps)
    if classes == 2:
        positive = two_columns[:, 1]
        expected["roc_auc"] = number(sk.roc_auc_score(targets, positive))
        expected["pr_auc"] = number(sk.average_precision_score(targets, positive)) if len(targets) else None
        expected["brier_score"] = number(sk.brier_score_loss(targets, positive, labels=labels, pos_label=1))
        log_loss = sk.log_loss(targets, clipped[:, 1], labels=labels)
    else:
        one = np.eye(classes)[targets]
        # One against the rest, class by class: also where tied scores do not sum to one.
        expected["roc_auc"] = number(np.mean([sk.roc_auc_score(one[:, c], two_columns[:, c]) for c in labels]))
        expected["pr_auc"] = number(sk.average_precision_score(one, two_columns, average="macro"))
        proper = np.allclose(two_columns.sum(1), 1, atol=1e-6)
        brier = sk.brier_score_loss(targets, two_columns, labels=labels) if proper else ((two_columns - one) ** 2).sum(1).mean()
        expected["brier_score"] = number(brier)
        log_loss = sk.log_loss(targets, clipped, labels=labels) if proper else -np.log(clipped[one == 1]).mean()
    expected["log_loss"] = number(log_loss)
    expected["perplexity"] = number(math.exp(log_loss))
    for k in (1, 2, 3):
        if k < classes and classes > 2:
            expected[f"top_{k}_accuracy"] = number(sk.top_k_accuracy_score(targets, two_columns, k=k, labels=labels))
    expected["expected_calibration_error"] = number(calibration_error(two_columns, predicted, targets, 15))
    names = ["cat", "dog", "bird", "a class with a long name", "fish"][:classes]
    present = sorted(set(targets.tolist()) | set(predicted.tolist()))
    case = {
        "name": name,
        "width": 1 if single else classes,
        "outputs": [float(x) for x in outputs.ravel()],
        "class_ids": targets.tolist(),
        "classes": names,
        "expected": expected,
        "confusion": sk.confusion_matrix(targets, predicted, labels=labels).tolist(),
        "report": sk.classification_report(
            targets, predicted, labels=present, target_names=[names[i] for i in present], zero_division=0
        ),
        "report_digits_4": sk.classification_report(
            targets, predicted, labels=present, target_names=[names[i] for i in present], zero_division=0, digits=4
        ),
    }
    if one_hot:
        case["values"] = [float(x) for x in (targets if single else np.eye(classes)[targets].ravel())]
        case["class_ids"] = []
    return case


def regression(name, outputs, values):
    outputs = np.asarray(outputs, np.float32)
    values = np.asarray(values, np.float32)
    width = 1 if outputs.ndim == 1 else outputs.shape[1]
    p, y = outputs.astype(np.float64), values.astype(np.float64)
    return {
        "name": name,
        "width": width,
        "outputs": [float(x) for x in outputs.ravel()],
        "class_ids": [],
        "values": [float(x) for x in values.ravel()],
        "expected": {
            "mae": number(sk.mean_absolute_error(y, p)),
            "mse": number(sk.mean_squared_error(y, p)),
            "rmse": number(sk.root_mean_squared_error(y, p)),
            "mape": number(sk.mean_absolute_percentage_error(y, p)),
            "r2": number(sk.r2_score(y, p, force_finite=False)),
        },
    }


def softmax(logits):
    e = np.exp(logits - logits.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def probabilities(random, targets, classes, strength):
    return softmax(random.normal(size=(len(targets), classes)) + strength * np.eye(classes)[targets])


def main():
    random = np.random.default_rng(7)
    uniform = random.integers(0, 4, 60)
    rare = random.choice(5, 80, p=[0.7, 0.2, 0.06, 0.02, 0.02])
    rare[:5] = range(5)
    absent = random.choice([0, 1, 3], 40)
    binary = random.integers(0, 2, 50)
    tied = np.round(probabilities(random, uniform, 4, 1.5) * 4) / 4
    scores = 1 / (1 + np.exp(-(random.normal(size=50) + 2 * binary - 1)))
    certain = np.eye(3)[[0, 1, 2, 1, 0]]
    cases = [
        classification("four classes", probabilities(random, uniform, 4, 1.5), uniform, 4),
        classification("four classes, one-hot", probabilities(random, uniform, 4, 1.0), uniform, 4, one_hot=True),
        classification("tied scores", tied, uniform, 4),
        classification("rare classes", probabilities(random, rare, 5, 1.0), rare, 5),
        classification("an absent class", probabilities(random, absent, 5, 1.0), absent, 5),
        classification("certain, twice wrong", certain, [0, 2, 2, 1, 1], 3),
        classification("one probability", scores, binary, 2),
        classification("one probability, values", scores, binary, 2, one_hot=True),
        classification("one probability with ties", np.round(scores * 5) / 5, binary, 2),
        classification("two columns", np.stack([1 - scores.astype(np.float32), scores.astype(np.float32)], 1), binary, 2),
        classification("only negatives", scores[:10], [0] * 10, 2),
        classification("only positives", scores[:10], [1] * 10, 2),
        classification("all scores equal", [0.5] * 10, [0, 1] * 5, 2),
        regression("one value", random.normal(10, 3, 30), random.normal(10, 3, 30)),
        regression("a good fit far from zero", np.arange(20) * 0.5 + 1e4, np.arange(20) * 0.5 + 1e4 + random.normal(0, 0.1, 20)),
        regression("three values", random.normal(size=(20, 3)) * [1, 5, 9], random.normal(size=(20, 3)) * [1, 5, 9]),
        regression("constant target", [1.0, 2.0, 3.0], [2.0, 2.0, 2.0]),
        regression("constant target, perfect", [2.0, 2.0, 2.0], [2.0, 2.0, 2.0]),
        regression("zeros among the targets", [0.5, 1.0, 2.0], [0.0, 1.0, 4.0]),
        regression("a single row", [1.0], [3.0]),
    ]
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps({"cases": cases}, indent=None, separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")


if __name__ == "__main__":
    main()
