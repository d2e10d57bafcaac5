"""Numbers for the tests of objectives: python make_training_fixtures.py [DIRECTORY]

Made with torch 2.13, scikit-learn 1.9, numpy.
"""
import json
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.metrics import accuracy_score, f1_score, log_loss, mean_squared_error, r2_score
from sklearn.preprocessing import StandardScaler
from sklearn.utils.class_weight import compute_class_weight

torch.set_default_dtype(torch.float64)
torch.manual_seed(0)


def schedules():
    found = []
    for total in (1, 2, 3, 4, 5, 7, 10, 33):
        for name, extra in (
            ("one_cycle", {}),
            ("one_cycle", {"pct_start": 0.5, "div_factor": 10.0, "final_div_factor": 100.0}),
            ("one_cycle", {"pct_start": 0.0}),
            ("cosine", {}),
        ):
            parameter = torch.nn.Parameter(torch.zeros(1))
            optimizer = torch.optim.SGD([parameter], lr=0.1)
            try:
                if name == "one_cycle":
                    schedule = torch.optim.lr_scheduler.OneCycleLR(
                        optimizer, max_lr=0.1, total_steps=total, cycle_momentum=False, **extra)
                else:
                    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=total)
            except ZeroDivisionError:
                continue  # the way up has no length: PyTorch divides by it
            rates = []
            for step in range(total):
                rates.append(optimizer.param_groups[0]["lr"])
                optimizer.step()
                if step + 1 < total:
                    schedule.step()
            found.append({"name": name, "total": total, "rates": rates, **extra})
    return found


def accumulation():
    """One step of SGD on batches in which other numbers of rows count: the gradient of all rows together."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(10, 3))
    ids = np.array([0, 1, 2, 9, 2, 9, 9, 9, 9, 0])  # 9 is ignored; in batches of 3, nothing counts in the third
    weights = [1.0, 3.0, 0.5]
    w = torch.zeros(3, 3, requires_grad=True)
    b = torch.zeros(3, requires_grad=True)
    tx, ty = torch.tensor(x), torch.tensor(ids)
    losses = []
    for _ in range(3):
        out = tx @ w.T + b
        loss = F.cross_entropy(out, ty, weight=torch.tensor(weights), ignore_index=9)
        losses.append(loss.item())
        w.grad = b.grad = None
        loss.backward()
        with torch.no_grad():
            w -= 0.5 * w.grad
            b -= 0.5 * b.grad
    out = (tx @ w.T + b).detach()
    kept = ids != 9
    return {
        "x": x.ravel().tolist(),
        "ids": ids.tolist(),
        "weights": weights,
        "ignore": 9,
        "rate": 0.5,
        "losses": losses,
        "outputs": out.softmax(1).numpy().ravel().tolist(),
        "accuracy": accuracy_score(ids[kept], out.argmax(1).numpy()[kept]),
    }


def ignored():
    """What a loss leaves out: 3 of 6 ids are 0, which ignore_index is."""
    rng = np.random.default_rng(2)
    logits = rng.normal(size=(6, 4)).astype(np.float32)
    ids = np.array([0, 1, 0, 3, 2, 0])
    kept = ids != 0
    probabilities = torch.tensor(logits, dtype=torch.float64).softmax(1).numpy()
    loss = log_loss(ids[kept], probabilities[kept], labels=range(4))
    return {
        "logits": logits.ravel().tolist(),
        "ids": ids.tolist(),
        "loss": loss,
        "perplexity": float(np.exp(loss)),
        "accuracy": accuracy_score(ids[kept], probabilities.argmax(1)[kept]),
    }


def sequences():
    """Class probabilities as targets of sequences [N, T, C]."""
    rng = np.random.default_rng(3)
    logits = rng.normal(size=(2, 5, 3)).astype(np.float32)
    right = rng.integers(0, 3, size=(2, 5))
    targets = np.eye(3)[right]
    predicted = logits.argmax(-1)
    return {
        "logits": logits.ravel().tolist(),
        "targets": targets.ravel().tolist(),
        "accuracy": accuracy_score(right.ravel(), predicted.ravel()),
        "f1": f1_score(right.ravel(), predicted.ravel(), average="macro"),
        "loss": F.cross_entropy(
            torch.tensor(logits, dtype=torch.float64).reshape(-1, 3), torch.tensor(targets).reshape(-1, 3)).item(),
    }


def balanced():
    ids = np.array([0] * 7 + [1] * 2 + [2] * 1 + [1] * 3)
    return {
        "ids": ids.tolist(),
        "weights": compute_class_weight("balanced", classes=np.arange(3), y=ids).tolist(),
    }


def scaling():
    """Targets far from 0, scaled as StandardScaler does; a step of SGD on scaled values; figures in the target's unit."""
    rng = np.random.default_rng(4)
    x = rng.normal(size=(12, 2)).astype(np.float32).astype(np.float64)
    y = (2e5 + 1e5 * x[:, 0] - 3e4 * x[:, 1] + 2e4 * rng.normal(size=12)).astype(np.float32).astype(np.float64)
    scaler = StandardScaler().fit(y[:, None])
    scaled = torch.tensor(scaler.transform(y[:, None]))
    w = torch.zeros(1, 2, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    losses = []
    for _ in range(4):
        loss = F.mse_loss(torch.tensor(x) @ w.T + b, scaled)
        losses.append(loss.item())
        w.grad = b.grad = None
        loss.backward()
        with torch.no_grad():
            w -= 0.2 * w.grad
            b -= 0.2 * b.grad
    out = scaler.inverse_transform((torch.tensor(x) @ w.T + b).detach().numpy())[:, 0]
    return {
        "x": x.ravel().tolist(),
        "y": y.tolist(),
        "rate": 0.2,
        "mean": float(scaler.mean_[0]),
        "deviation": float(scaler.scale_[0]),
        "losses": losses,
        "predictions": out.tolist(),
        "rmse": mean_squared_error(y, out) ** 0.5,
        "r2": r2_score(y, out),
    }


def labels():
    """Several labels that may be right at once: each is a row of its own."""
    rng = np.random.default_rng(5)
    logits = rng.normal(size=(6, 3)).astype(np.float32)
    targets = rng.integers(0, 2, size=(6, 3))
    probabilities = torch.tensor(logits, dtype=torch.float64).sigmoid().numpy()
    flat, right = (probabilities > 0.5).ravel(), targets.ravel()
    return {
        "logits": logits.ravel().tolist(),
        "targets": targets.ravel().tolist(),
        "accuracy": accuracy_score(right, flat),
        "f1": f1_score(right, flat, average="macro"),
        "log_loss": log_loss(right, np.stack([1 - probabilities.ravel(), probabilities.ravel()], 1)),
    }


directory = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "core/src/test/resources/fixtures")
made = {
    "schedules": schedules(),
    "accumulation": accumulation(),
    "ignored": ignored(),
    "sequences": sequences(),
    "balanced": balanced(),
    "scaling": scaling(),
    "labels": labels(),
}
(directory / "training.json").write_text(json.dumps(made, indent=1) + "\n")
