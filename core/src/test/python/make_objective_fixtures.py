"""Writes token_losses.json: cross-entropy of tokens with label smoothing and z-loss, and its gradients, by PyTorch.

Usage: python make_objective_fixtures.py ../resources/fixtures
Needs PyTorch 2.13 and NumPy. z-loss is not in PyTorch: it is written as in PaLM (Chowdhery et al., 2022, section 5), 10^-4 log^2 Z.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch

VOCABULARY, ROWS, STEPS = 11, 3, 5


def rounded(values):
    return [float(f"{v:.9g}") for v in np.asarray(values, dtype=np.float64).ravel()]


def main():
    rng = np.random.default_rng(7)
    table = rng.normal(size=(VOCABULARY, VOCABULARY)).astype(np.float32) * 2
    tokens = rng.integers(0, VOCABULARY, size=(ROWS, STEPS))
    labels = rng.integers(0, VOCABULARY, size=(ROWS, STEPS))
    labels[0, 3:] = -100
    labels[2, 0] = -100
    shifted = np.concatenate([tokens[:, 1:], np.full((ROWS, 1), -100)], axis=1)
    cases = {}
    for name, smoothing, z in [("plain", 0.0, 0.0), ("smoothed", 0.1, 0.0), ("z", 0.0, 0.01), ("both", 0.2, 0.05)]:
        for targets, of in [(labels, "labels"), (shifted, "shifted")]:
            w = torch.tensor(table, requires_grad=True)
            logits = torch.nn.functional.embedding(torch.tensor(tokens), w)
            rows, ids = logits.view(-1, VOCABULARY), torch.tensor(targets).view(-1)
            loss = torch.nn.functional.cross_entropy(rows, ids, label_smoothing=smoothing)
            counted = ids != -100
            penalty = z * (torch.logsumexp(rows, dim=-1)[counted] ** 2).mean()
            total = loss + penalty
            total.backward()
            cases[f"{name}/{of}"] = {
                "smoothing": smoothing,
                "z": z,
                "loss": float(total.detach()),
                "cross_entropy": float(loss.detach()),
                "z_loss": float(penalty.detach()),
                "gradient": rounded(w.grad.numpy()),
            }
    out = {
        "table": rounded(table),
        "tokens": tokens.ravel().tolist(),
        "labels": labels.ravel().tolist(),
        "cases": cases,
    }
    (Path(sys.argv[1]) / "token_losses.json").write_text(json.dumps(out, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
