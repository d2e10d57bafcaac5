"""Writes optimizers.json, muon.json, clipping.json and schedules.json: what PyTorch's optimizers and schedulers compute on a tiny problem.

Usage: python make_optimizer_fixtures.py ../resources/fixtures
Needs PyTorch 2.13, transformers 5.18 and NumPy. Lion is not in PyTorch: its rule is written here as in the paper (Chen et al., 2023, algorithm 2).
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch

COUNT, DECAYED, STEPS = 15, 12, 20  # a dense layer with 4 inputs and 3 outputs: weights first, then biases
RECORDED = (1, 2, 20)


def rounded(values):
    return [float(f"{v:.9g}") for v in np.asarray(values, dtype=np.float64).ravel()]


class Lion:
    """w -= lr (sign(beta1 m + (1 - beta1) g) + decay w); m = beta2 m + (1 - beta2) g"""

    def __init__(self, groups, lr, betas):
        self.groups, self.lr, self.betas = groups, lr, betas
        self.m = {id(p): np.zeros(p.shape) for g in groups for p in g["params"]}

    def step(self):
        for group in self.groups:
            for p in group["params"]:
                w, g, m = p.detach().numpy().astype(np.float64), p.grad.numpy().astype(np.float64), self.m[id(p)]
                direction = np.sign(self.betas[0] * m + (1 - self.betas[0]) * g)
                w = w - self.lr * (direction + group["weight_decay"] * w)
                self.m[id(p)] = self.betas[1] * m + (1 - self.betas[1]) * g
                with torch.no_grad():
                    p.copy_(torch.from_numpy(w.astype(np.float32)))


def run(make, decay, decay_all, start, gradients):
    w = torch.tensor(start[:DECAYED], requires_grad=True)
    b = torch.tensor(start[DECAYED:], requires_grad=True)
    groups = [{"params": [w], "weight_decay": decay}, {"params": [b], "weight_decay": decay if decay_all else 0.0}]
    optimizer = make(groups)
    after = {}
    for step, g in enumerate(gradients, 1):
        w.grad, b.grad = torch.tensor(g[:DECAYED]), torch.tensor(g[DECAYED:])
        optimizer.step()
        if step in RECORDED:
            after[str(step)] = rounded(torch.cat([w, b]).detach().numpy())
    return after


class Both:
    """torch.optim.Muon of the weights as a matrix [3, 4], AdamW of the biases."""

    def __init__(self, groups, adamw, **muon):
        weights, biases = groups[0]["params"][0], groups[1]["params"]
        self.flat, self.matrix = weights, torch.nn.Parameter(weights.detach().reshape(3, 4).clone())
        self.both = [torch.optim.Muon([self.matrix], **muon), torch.optim.AdamW(biases, **adamw)]

    def step(self):
        self.matrix.grad = self.flat.grad.reshape(3, 4)
        for optimizer in self.both:
            optimizer.step()
        with torch.no_grad():
            self.flat.copy_(self.matrix.reshape(-1))


def in_fp32(make):
    """Newton-Schulz iterations without the rounding of bf16, which would hide what is wrong."""

    def run_it(groups):
        kept, torch.Tensor.bfloat16 = torch.Tensor.bfloat16, lambda t: t.float().clone()
        made = make(groups)
        step = made.step

        def stepping():
            torch.Tensor.bfloat16 = lambda t: t.float().clone()
            step()
            torch.Tensor.bfloat16 = kept

        made.step = stepping
        torch.Tensor.bfloat16 = kept
        return made

    return run_it


def muon(steps=4):
    """Three matrices in bf16, as torch.optim.Muon steps them."""
    rng = np.random.default_rng(3)
    shapes = {"tall": (24, 8), "wide": (8, 24), "square": (16, 16)}
    out = {"shapes": {k: list(v) for k, v in shapes.items()}, "start": {}, "gradients": {}, "after": {}}
    for name, shape in shapes.items():
        w = torch.nn.Parameter(torch.tensor(rng.normal(size=shape).astype(np.float32)))
        gradients = rng.normal(size=(steps, *shape)).astype(np.float32)
        out["start"][name] = rounded(w.detach().numpy())
        out["gradients"][name] = [rounded(g) for g in gradients]
        optimizer = torch.optim.Muon([w], lr=0.02, weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
        for g in gradients:
            w.grad = torch.tensor(g)
            optimizer.step()
        out["after"][name] = rounded(w.detach().numpy())
    return out


def optimizers():
    rng = np.random.default_rng(1)
    start = rng.normal(size=COUNT).astype(np.float32)
    gradients = rng.normal(size=(STEPS, COUNT)).astype(np.float32)
    o = torch.optim
    # name -> how it is made, weight decay, whether all parameters decay
    cases = {
        "sgd": (lambda g: o.SGD(g, lr=0.1), 0, False),
        "sgd_momentum": (lambda g: o.SGD(g, lr=0.1, momentum=0.9), 0, False),
        "sgd_dampening": (lambda g: o.SGD(g, lr=0.1, momentum=0.9, dampening=0.3), 0.05, False),
        "sgd_nesterov": (lambda g: o.SGD(g, lr=0.1, momentum=0.9, nesterov=True), 0.05, True),
        "adam": (lambda g: o.Adam(g, lr=0.01), 0, False),
        "adam_decay": (lambda g: o.Adam(g, lr=0.01, betas=(0.8, 0.95), eps=1e-6), 0.1, False),
        "adam_decay_all": (lambda g: o.Adam(g, lr=0.01), 0.1, True),
        "adamw": (lambda g: o.AdamW(g, lr=0.01), 0.1, False),
        "adamw_all": (lambda g: o.AdamW(g, lr=0.01), 0.1, True),
        "rmsprop": (lambda g: o.RMSprop(g, lr=0.01), 0, False),
        "rmsprop_momentum": (lambda g: o.RMSprop(g, lr=0.01, alpha=0.9, momentum=0.9), 0.05, False),
        "rmsprop_centered": (lambda g: o.RMSprop(g, lr=0.01, alpha=0.9, momentum=0.5, centered=True), 0, False),
        "adagrad": (lambda g: o.Adagrad(g, lr=0.05), 0, False),
        "adagrad_decay": (
            lambda g: o.Adagrad(g, lr=0.05, lr_decay=0.1, initial_accumulator_value=0.2, eps=1e-8),
            0.05,
            False,
        ),
        "lion": (lambda g: Lion(g, lr=0.01, betas=(0.9, 0.99)), 0, False),
        "lion_decay": (lambda g: Lion(g, lr=0.01, betas=(0.95, 0.98)), 0.1, False),
        "muon": (in_fp32(lambda g: Both(g, dict(lr=0.01, weight_decay=0), lr=0.01, weight_decay=0.1)), 0, False),
        "muon_moonlight": (
            in_fp32(
                lambda g: Both(
                    g,
                    dict(lr=0.005, weight_decay=0, betas=(0.8, 0.95)),
                    lr=0.01,
                    weight_decay=0.2,
                    momentum=0.9,
                    nesterov=False,
                    ns_steps=7,
                    adjust_lr_fn="match_rms_adamw",
                )
            ),
            0,
            False,
        ),
    }
    results = {name: run(make, decay, all_, start, gradients) for name, (make, decay, all_) in cases.items()}
    return {"start": rounded(start), "gradients": [rounded(g) for g in gradients], "after": results}


def clipping_and_average():
    rng = np.random.default_rng(2)
    gradient = rng.normal(size=COUNT).astype(np.float32)
    p = torch.zeros(COUNT, requires_grad=True)
    clipped = {}
    for limit in (1.0, 100.0):
        p.grad = torch.tensor(gradient)
        norm = torch.nn.utils.clip_grad_norm_([p], limit)
        clipped[str(limit)] = {"norm": float(norm), "gradient": rounded(p.grad)}
    p.grad = torch.tensor(gradient)
    torch.nn.utils.clip_grad_value_([p], 0.5)

    model = torch.nn.Linear(COUNT, 1, bias=False)
    average = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.9)
    )
    values = rng.normal(size=(6, COUNT)).astype(np.float32)
    for v in values:
        with torch.no_grad():
            model.weight.copy_(torch.tensor(v))
        average.update_parameters(model)
    return {
        "gradient": rounded(gradient),
        "by_norm": clipped,
        "by_value": rounded(p.grad),
        "values": [rounded(v) for v in values],
        "average": rounded(average.module.weight.detach()),
    }


def schedules(total=50, base=0.2):
    s = torch.optim.lr_scheduler

    def sequence(make):
        p = torch.nn.Parameter(torch.zeros(1))
        optimizer = torch.optim.SGD([p], lr=base)
        scheduler = make(optimizer)
        rates = []
        for _ in range(total):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            if len(rates) < total:
                scheduler.step()
        return [float(r) for r in rates]

    def warm_cosine(opt, steps, start):
        return s.SequentialLR(
            opt,
            [s.LinearLR(opt, start_factor=start, total_iters=steps), s.CosineAnnealingLR(opt, T_max=total - steps)],
            milestones=[steps],
        )

    cases = {
        "step": sequence(lambda o: s.StepLR(o, step_size=15, gamma=0.5)),
        "exponential": sequence(lambda o: s.ExponentialLR(o, gamma=0.95)),
        "cosine": sequence(lambda o: s.CosineAnnealingLR(o, T_max=total, eta_min=0.01)),
        "warmup_cosine": sequence(lambda o: warm_cosine(o, 10, 0.25)),
        "one_cycle": sequence(lambda o: s.OneCycleLR(o, max_lr=base, total_steps=total, cycle_momentum=False)),
        "one_cycle_other": sequence(
            lambda o: s.OneCycleLR(
                o, max_lr=base, total_steps=total, pct_start=0.45, div_factor=10, final_div_factor=50, cycle_momentum=False
            )
        ),
    }

    import transformers.optimization as hf

    cases |= {
        "wsd_linear": sequence(
            lambda o: hf.get_wsd_schedule(o, num_warmup_steps=5, num_decay_steps=20, num_stable_steps=25, decay_type="linear")
        ),
        "wsd_sqrt": sequence(
            lambda o: hf.get_wsd_schedule(
                o, num_warmup_steps=10, num_decay_steps=15, num_stable_steps=25, decay_type="1-sqrt", min_lr_ratio=0.1
            )
        ),
        "wsd_cosine": sequence(
            lambda o: hf.get_wsd_schedule(o, num_warmup_steps=0, num_decay_steps=10, num_stable_steps=40, decay_type="cosine")
        ),
        "inverse_sqrt": sequence(lambda o: hf.get_inverse_sqrt_schedule(o, num_warmup_steps=8)),
        "inverse_sqrt_other": sequence(lambda o: hf.get_inverse_sqrt_schedule(o, num_warmup_steps=8, timescale=20)),
        "inverse_sqrt_plain": sequence(lambda o: hf.get_inverse_sqrt_schedule(o, num_warmup_steps=0)),
    }

    losses = [1.0, 0.8, 0.8, 0.79999, 0.81, 0.9, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.6, 0.6, 0.6, 0.6, 0.6]
    plateau = {}
    for name, options in {
        "plain": dict(factor=0.5, patience=2),
        "cooldown": dict(factor=0.1, patience=1, cooldown=2, min_lr=0.01),
        "max": dict(mode="max", factor=0.5, patience=2),
    }.items():
        p = torch.nn.Parameter(torch.zeros(1))
        optimizer = torch.optim.SGD([p], lr=base)
        scheduler = s.ReduceLROnPlateau(optimizer, **options)
        rates = []
        for loss in losses:
            scheduler.step(loss)
            rates.append(float(optimizer.param_groups[0]["lr"]))
        plateau[name] = rates
    return {"total": total, "base": base, "rates": cases, "metric": losses, "plateau": plateau}


def main():
    out = Path(sys.argv[1])
    for name, content in {
        "optimizers": optimizers(),
        "clipping": clipping_and_average(),
        "schedules": schedules(),
        "muon": muon(),
    }.items():
        (out / f"{name}.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
