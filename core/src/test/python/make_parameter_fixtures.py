"""Writes parameter_groups.json, what PyTorch's optimizers compute where groups have their own rate and decay; parameters.json,
tied, frozen, quantized and loaded parameters; and weights/, files as safetensors and transformers write them.

Usage: python make_parameter_fixtures.py ../resources/fixtures
Needs PyTorch, NumPy, safetensors and transformers; ran with torch 2.13 and transformers 5.18.
"""

import importlib.util
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


def tied():
    """An embedding, a dense layer, and a head with the embedding's matrix: values after steps of SGD on sum(out * g)."""
    torch.manual_seed(3)
    embedding = torch.nn.Embedding(7, 4)
    middle = torch.nn.Linear(4, 4)
    parameters = {
        "layers.0.weight": embedding.weight,
        "layers.1.weight": middle.weight,
        "layers.1.bias": middle.bias,
    }
    start = {n: {"shape": list(p.shape), "values": rounded(p.detach())} for n, p in parameters.items()}
    ids = torch.randint(0, 7, (3, 5))
    g = torch.randn(3, 5, 7)
    optimizer = torch.optim.SGD(parameters.values(), lr=0.05, momentum=0.9)
    for step in range(4):
        optimizer.zero_grad()
        out = torch.nn.functional.linear(torch.relu(middle(embedding(ids))), embedding.weight)
        if step == 0:
            first = rounded(out.detach())
        (out * g).sum().backward()
        if step == 0:
            gradient = rounded(embedding.weight.grad)
        optimizer.step()
    return {
        "start": start,
        "ids": ids.flatten().tolist(),
        "g": rounded(g),
        "out": first,
        "gradient": gradient,
        "after": {n: rounded(p.detach()) for n, p in parameters.items()},
    }


def frozen():
    """A frozen dense layer and batch normalisation (in eval mode, as Keras runs it) before a head that AdamW trains."""
    torch.manual_seed(4)
    backbone = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.BatchNorm1d(3))
    with torch.no_grad():
        backbone[1].running_mean.normal_()
        backbone[1].running_var.uniform_(0.5, 2)
        backbone[1].weight.normal_()
        backbone[1].bias.normal_()
    backbone.requires_grad_(False).eval()
    head = torch.nn.Linear(3, 2)
    names = {f"layers.{n}": p for n, p in backbone.state_dict().items() if "num_batches" not in n}
    names |= {f"layers.2.{n}": p for n, p in head.named_parameters()}
    start = {n: {"shape": list(p.shape), "values": rounded(p.detach())} for n, p in names.items()}
    x, g = torch.randn(5, 4), torch.randn(5, 2)
    optimizer = torch.optim.AdamW(head.parameters(), lr=0.02, weight_decay=0)
    for _ in range(4):
        optimizer.zero_grad()
        (head(backbone(x)) * g).sum().backward()
        optimizer.step()
    return {
        "start": start,
        "x": rounded(x),
        "g": rounded(g),
        "after": {n: rounded(p.detach()) for n, p in head.named_parameters()},
    }


def quantized():
    """Rows of small whole numbers with a scale of 16 significant bits, by NumPy in float64."""
    rng = np.random.default_rng(5)
    w = rng.normal(size=(4, 7)).astype(np.float32)
    w[2] = 0
    cases = {}
    for name, most in {"int8": 127, "int4": 7}.items():
        s = (np.abs(w).max(1, keepdims=True) / np.float32(most)).astype(np.float32)
        mantissa, exponent = np.frexp(s.astype(np.float64))
        s = np.ldexp(np.rint(mantissa * 2**16) / 2**16, exponent)
        q = np.divide(w, s, out=np.zeros_like(w, dtype=np.float64), where=s != 0)
        cases[name] = rounded((np.clip(np.rint(q), -most, most) + 0.0) * s)  # whole numbers have no -0
    return {"w": rounded(w), **cases}


def gpt2(out):
    """A tiny GPT-2 as transformers saves it, in shards with an index, and what its tensors are under other names."""
    # A torchvision that does not fit torch is not looked at.
    find = importlib.util.find_spec
    importlib.util.find_spec = lambda name, *rest: None if name.startswith("torchvision") else find(name, *rest)
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(6)
    config = GPT2Config(vocab_size=11, n_positions=6, n_embd=8, n_layer=2, n_head=2)
    model = GPT2LMHeadModel(config)
    for p in model.parameters():
        torch.nn.init.normal_(p, std=0.3)
    model = model.half()
    directory = out / "weights" / "gpt2"
    model.save_pretrained(directory, max_shard_size="3KB")
    for name in ("config.json", "generation_config.json"):
        (directory / name).unlink(missing_ok=True)
    state = {n: p.float() for n, p in model.state_dict().items()}
    expected = {"embed.weight": state["transformer.wte.weight"], "norm.weight": state["transformer.ln_f.weight"]}
    for i in range(2):
        block = f"transformer.h.{i}."
        qkv = state[block + "attn.c_attn.weight"].T
        for j, part in enumerate("qkv"):
            expected[f"blocks.{i}.{part}.weight"] = qkv[8 * j : 8 * (j + 1)]
        expected[f"blocks.{i}.up.weight"] = state[block + "mlp.c_fc.weight"].T
        norms = [state[block + f"ln_{k}.weight"] for k in (1, 2)]
        expected[f"blocks.{i}.norms"] = torch.cat(norms)
    return {n: {"shape": list(t.shape), "values": rounded(t)} for n, t in expected.items()}


def types(out):
    """One matrix in each type of numbers."""
    from safetensors.torch import save_file

    w = torch.tensor([[1.5, -2.25, 0.1], [3.0, 1e-3, -7.0]], dtype=torch.float64)
    kinds = {"f64": torch.float64, "f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16}
    save_file({n: w.to(t) for n, t in kinds.items()} | {"i32": w.to(torch.int32)}, out / "weights" / "types.safetensors")
    return {n: rounded(w.to(t).double()) for n, t in kinds.items()}


if __name__ == "__main__":
    out = Path(sys.argv[1])
    (out / "weights").mkdir(exist_ok=True)
    for name, content in {
        "parameter_groups": groups(),
        "parameters": {
            "tied": tied(),
            "frozen": frozen(),
            "quantized": quantized(),
            "gpt2": gpt2(out),
            "types": types(out),
        },
    }.items():
        (out / f"{name}.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")
