"""Writes parameter_groups.json: what PyTorch's optimizers compute where groups have their own rate and decay.

Usage: python make_parameter_fixtures.py ../resources/fixtures
Needs PyTorch and NumPy; ran with torch 2.13.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch

from make_optimizer_fixtures import Lion, rounded

# Two dense layers, 4 -> 3 -> 2, in the order of memory: weights, then biases.
SIZES = {"layers.0.weight": 12, "layers.1.weight": 6, "layers.0.bias": 3, "layers.1.bias": 2}
BASE, DECAY, STEPS = 0.02, 0.05, 12
RECORDED = (1, 2, 12)
# name -> rate, decay; layers.0.* has a tenth of the rate and its own decay, layers.1.bias a rate of its own.
SETTINGS = {
    "layers.0.weight": (0.1 * BASE, 0.3),
    "layers.0.bias": (0.1 * BASE, 0.0),
    "layers.1.weight": (BASE, DECAY),
    "layers.1.bias": (0.07, 0.0),
}


class GroupedLion(Lion):
    def step(self):
        groups = self.groups
        for group in groups:
            self.groups, self.lr = [group], group["lr"]
            super().step()
        self.groups = groups


def run(make, start, gradients):
    pieces = np.cumsum(list(SIZES.values()))[:-1]
    split = lambda values: dict(zip(SIZES, np.split(values, pieces)))
    parameters = {n: torch.tensor(v, requires_grad=True) for n, v in split(start).items()}
    groups = [{"params": [p], "lr": SETTINGS[n][0], "weight_decay": SETTINGS[n][1]} for n, p in parameters.items()]
    optimizer = make(groups)
    after = {}
    for step, gradient in enumerate(gradients, 1):
        for n, g in split(gradient).items():
            parameters[n].grad = torch.tensor(g)
        optimizer.step()
        if step in RECORDED:
            after[str(step)] = rounded(torch.cat(list(parameters.values())).detach().numpy())
    return after


def groups():
    rng = np.random.default_rng(7)
    count = sum(SIZES.values())
    start = rng.normal(size=count).astype(np.float32)
    gradients = rng.normal(size=(STEPS, count)).astype(np.float32)
    o = torch.optim
    cases = {
        "sgd": lambda g: o.SGD(g),
        "sgd_momentum": lambda g: o.SGD(g, momentum=0.9, nesterov=True),
        "adam": lambda g: o.Adam(g),
        "adamw": lambda g: o.AdamW(g),
        "rmsprop": lambda g: o.RMSprop(g, alpha=0.9, momentum=0.9, centered=True),
        "adagrad": lambda g: o.Adagrad(g, lr_decay=0.1, initial_accumulator_value=0.2, eps=1e-8),
        "lion": lambda g: GroupedLion(g, lr=BASE, betas=(0.9, 0.99)),
    }
    return {
        "start": rounded(start),
        "gradients": [rounded(g) for g in gradients],
        "after": {name: run(make, start, gradients) for name, make in cases.items()},
    }


if __name__ == "__main__":
    out = Path(sys.argv[1])
    (out / "parameter_groups.json").write_text(json.dumps(groups(), separators=(",", ":")) + "\n")
