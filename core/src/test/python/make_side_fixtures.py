"""Writes PyTorch's numbers for layers that read side inputs: masks of padding, the output of an encoder, a time step.

    python core/src/test/python/make_side_fixtures.py        # needs torch; tests need only the files

As make_layer_fixtures.py, with "sides": name -> tensor. Outputs at padding count for nothing: the weights there are 0. torch 2.13.0.
"""

import json
import math

import torch
from torch import nn

from make_layer_fixtures import OUT, tensor

N, T, D, S = 3, 6, 8, 5
MASK = torch.tensor([[1] * 6, [1] * 4 + [0] * 2, [1] + [0] * 5]).bool()
MEMORY_MASK = torch.tensor([[1] * 5, [1] * 2 + [0] * 3, [1] * 4 + [0]]).bool()


def write(name, module, run, sides, x, real=None):
    torch.manual_seed(sum(map(ord, name)))
    for n, p in module.named_parameters():
        nn.init.normal_(p, 1.0 if p.dim() == 1 and n.endswith("weight") else 0.0, 0.5)
    x = x.requires_grad_(True)
    y = run(module, x)
    weights = torch.randn_like(y)
    if real is not None:
        weights = weights * real.view(*real.shape, *[1] * (y.dim() - 2)).float()
    (y * weights).sum().backward()
    fixture = {
        "sides": {n: tensor(s.long() if s.dtype == torch.bool else s) for n, s in sides.items()},
        "input": tensor(x),
        "parameters": {n: tensor(p) for n, p in module.state_dict().items()},
        "weights": tensor(weights),
        "output": tensor(y),
        "input_gradient": tensor(x.grad),
        "gradients": {n: tensor(p.grad) for n, p in module.named_parameters()},
    }
    directory = OUT.parent / "sides"
    directory.mkdir(parents=True, exist_ok=True)
    (directory / f"{name}.json").write_text(json.dumps(fixture, separators=(",", ":")) + "\n")


class TimeFilm(nn.Module):
    def __init__(self, width, units, features):
        super().__init__()
        self.width = width
        self.linear1 = nn.Linear(width, units)
        self.linear2 = nn.Linear(units, 2 * features)

    def forward(self, x, time):
        half = self.width // 2
        angles = time.view(-1, 1) * torch.exp(-math.log(10000) * torch.arange(half) / half)
        e = torch.cat([angles.sin(), angles.cos()], 1)
        scale, shift = self.linear2(nn.functional.silu(self.linear1(e))).chunk(2, 1)
        return x * (1 + scale[:, None]) + shift[:, None]


def packed(module, x):
    p = nn.utils.rnn.pack_padded_sequence(x, MASK.sum(1), batch_first=True)
    return nn.utils.rnn.pad_packed_sequence(module(p)[0], batch_first=True, total_length=T)[0]


def last(module, x):
    p = nn.utils.rnn.pack_padded_sequence(x, MASK.sum(1), batch_first=True)
    h = module(p)[1]
    h = h[0] if isinstance(h, tuple) else h
    return torch.cat([h[-2], h[-1]], 1)


def main():
    torch.manual_seed(1)
    x, memory = torch.randn(N, T, D), torch.randn(N, S, D)
    causal = torch.ones(T, T, dtype=torch.bool).triu(1)
    common = dict(dropout=0.0, activation="gelu", batch_first=True, norm_first=True)
    for norm_first in (True, False):
        options = dict(common, norm_first=norm_first)
        write(f"decoder_block{'' if norm_first else '_norm_last'}", nn.TransformerDecoderLayer(D, 2, 12, **options),
              lambda m, q: m(q, memory, tgt_mask=causal, tgt_key_padding_mask=~MASK, memory_key_padding_mask=~MEMORY_MASK),
              {"memory": memory, "memory_mask": MEMORY_MASK, "mask": MASK}, x.clone(), MASK)
    write("encoder_block", nn.TransformerEncoderLayer(D, 2, 12, **common),
          lambda m, q: m(q, src_key_padding_mask=~MASK), {"mask": MASK}, x.clone(), MASK)
    write("lstm", nn.LSTM(D, 4, num_layers=2, bidirectional=True, batch_first=True), packed, {"mask": MASK}, x.clone(), MASK)
    write("gru_last", nn.GRU(D, 4, num_layers=2, bidirectional=True, batch_first=True), last, {"mask": MASK}, x.clone())
    time = torch.tensor([0.0, 13.0, 999.0])
    write("time_embedding", TimeFilm(6, 10, D), lambda m, q: m(q, time), {"time": time.view(N, 1)}, x.clone())


if __name__ == "__main__":
    main()
