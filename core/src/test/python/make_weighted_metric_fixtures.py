"""Metrics with sample_weight, by scikit-learn. Writes weighted_metrics.json beside weights.json."""

import json
import pathlib

import numpy as np
from sklearn import metrics

classes = [0, 2, 1, 1, 2, 0]
weights = [1, 0.5, 2, 0, 3, 0.25]
outputs = np.array(
    [[0.7, 0.2, 0.1], [0.2, 0.5, 0.3], [0.1, 0.6, 0.3], [0.9, 0.05, 0.05], [0.1, 0.15, 0.75], [0.3, 0.45, 0.25]],
    dtype=np.float32,
)
values = np.array([1.5, -2, 3.25, 0.5, 4, -1])
numbers = np.array([1, -1.5, 3, 9, 4.5, 0.25])
shares = outputs.astype(float) / outputs.astype(float).sum(1, keepdims=True)

found = {
    "outputs": outputs.flatten().tolist(),
    "classes": classes,
    "weights": weights,
    "numbers": numbers.tolist(),
    "values": values.tolist(),
    "accuracy": metrics.accuracy_score(classes, outputs.argmax(1), sample_weight=weights),
    "top_2_accuracy": metrics.top_k_accuracy_score(classes, outputs, k=2, sample_weight=weights),
    "log_loss": metrics.log_loss(classes, shares, sample_weight=weights),
    "perplexity": float(np.exp(metrics.log_loss(classes, shares, sample_weight=weights))),
    "mse": metrics.mean_squared_error(values, numbers, sample_weight=weights),
    "rmse": metrics.root_mean_squared_error(values, numbers, sample_weight=weights),
    "mae": metrics.mean_absolute_error(values, numbers, sample_weight=weights),
    "r2": metrics.r2_score(values, numbers, sample_weight=weights),
}


def classified(seed, rows, classes):
    """Figures that are read off a confusion matrix or off ranks, of rows with ties and with weights of 0."""
    random = np.random.default_rng(seed)
    right = random.integers(0, classes, rows)
    scores = random.dirichlet(np.ones(classes), rows)
    scores[np.arange(rows), right] += 0.4
    scores = (scores / scores.sum(1, keepdims=True)).round(2).astype(np.float32)
    weights = random.choice([0, 0.25, 0.5, 1, 1.75, 3], rows)
    said = scores.argmax(1)
    of = {
        "outputs": scores.flatten().tolist(),
        "classes": right.tolist(),
        "weights": weights.tolist(),
        "confusion_matrix": metrics.confusion_matrix(right, said, sample_weight=weights).tolist(),
        "report": metrics.classification_report(right, said, sample_weight=weights, output_dict=True),
    }
    for average in ["macro", "weighted", "micro"] + (["binary"] if classes == 2 else []):
        precision, recall, f1, _ = metrics.precision_recall_fscore_support(
            right, said, average=average, sample_weight=weights
        )
        of |= {f"precision_{average}": precision, f"recall_{average}": recall, f"f1_{average}": f1}
    each = range(1, 2) if classes == 2 else range(classes)
    of["roc_auc"] = float(
        np.mean([metrics.roc_auc_score(right == c, scores[:, c], sample_weight=weights) for c in each])
    )
    of["pr_auc"] = float(
        np.mean([metrics.average_precision_score(right == c, scores[:, c], sample_weight=weights) for c in each])
    )
    top = scores.max(1).astype(float)
    bins = np.ceil(top * 15).astype(int) - 1
    of["expected_calibration_error"] = float(
        sum(
            abs(np.sum(weights[bins == b] * ((said == right)[bins == b] - top[bins == b])))
            for b in range(15)
        )
        / weights.sum()
    )
    return of


found["three_classes"] = classified(3, 60, 3)
found["two_classes"] = classified(4, 50, 2)
root = pathlib.Path(__file__).parents[1] / "resources"
target = next(root.rglob("weights.json")).with_name("weighted_metrics.json")
target.write_text(json.dumps(found, indent=1) + "\n")
