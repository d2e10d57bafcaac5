"""Writes weights.json: losses of weighted examples, and gradients, by PyTorch; log loss and mean squared error by scikit-learn.

Usage: python make_weight_fixtures.py ../resources/fixtures
Needs PyTorch and scikit-learn; written with 2.13.0 and 1.9.1.
"""

import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from sklearn.metrics import log_loss, mean_squared_error


def numbers(tensor):
    return [float(f"{v:.9g}") for v in tensor.detach().double().flatten().tolist()]


def case(x, targets, s, each, counts, sklearn=None):
    x = x.clone().requires_grad_(True)
    loss = (s * each(x)).sum() / (s * counts).sum()
    loss.backward()
    return {
        "outputs": {"shape": list(x.shape), "values": numbers(x)},
        "targets": {
            "shape": list(targets.shape),
            "ids": not targets.is_floating_point(),
            "values": numbers(targets),
        },
        "weights": numbers(s),
        "loss": float(loss.detach()),
        "gradient": numbers(x.grad),
        "sklearn": sklearn,
    }


def main(out):
    g = torch.Generator().manual_seed(11)
    s = torch.tensor([0.5, 2.0, 0.0, 1.25, 3.0])
    ones = torch.ones(5)
    x = torch.randn(5, 4, generator=g)
    ids = torch.tensor([0, 3, 1, 3, 2])
    classes = torch.tensor([0.5, 1.0, 2.0, 3.0])
    sequences = torch.randn(5, 3, 4, generator=g)
    tokens = torch.tensor([[0, 1, 2], [3, -100, -100], [1, 1, -100], [2, 0, 3], [1, 2, -100]])
    numbers_x = torch.randn(5, 2, generator=g)
    numbers_t = torch.randn(5, 2, generator=g)
    labels = torch.randint(0, 2, (5, 2), generator=g).float()
    cases = {
        "cross_entropy": case(
            x,
            ids,
            s,
            lambda t: F.cross_entropy(t, ids, reduction="none"),
            ones,
            log_loss(ids, torch.softmax(x.double(), 1), sample_weight=s, labels=[0, 1, 2, 3]),
        ),
        "class_weights": case(
            x, ids, s, lambda t: F.cross_entropy(t, ids, weight=classes, reduction="none"), classes[ids]
        ),
        "sequences": case(
            sequences,
            tokens,
            s,
            lambda t: F.cross_entropy(t.transpose(1, 2), tokens, reduction="none").sum(1),
            (tokens != -100).sum(1).float(),
        ),
        "mse": case(
            numbers_x,
            numbers_t,
            s,
            lambda t: F.mse_loss(t, numbers_t, reduction="none").mean(1),
            ones,
            mean_squared_error(numbers_t.double(), numbers_x.double(), sample_weight=s),
        ),
        "mae": case(numbers_x, numbers_t, s, lambda t: F.l1_loss(t, numbers_t, reduction="none").mean(1), ones),
        "huber": case(numbers_x, numbers_t, s, lambda t: F.huber_loss(t, numbers_t, reduction="none").mean(1), ones),
        "binary_cross_entropy": case(
            numbers_x,
            labels,
            s,
            lambda t: F.binary_cross_entropy_with_logits(t, labels, reduction="none").mean(1),
            ones,
        ),
    }
    (out / "weights.json").write_text(json.dumps(cases, indent=1) + "\n")


main(Path(sys.argv[1]))
