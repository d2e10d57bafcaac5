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
root = pathlib.Path(__file__).parents[1] / "resources"
target = next(root.rglob("weights.json")).with_name("weighted_metrics.json")
target.write_text(json.dumps(found, indent=1) + "\n")
