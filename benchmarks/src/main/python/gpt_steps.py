"""The training step of a small GPT-2 in PyTorch, the twin of dev.jumbo.benchmarks.GptStep.

usage: gpt_steps.py fp32|bf16 BATCH WARM_UP REPEATS STEPS [THREADS] [--compile]     prints one JSON object

Tokens a second of nanoGPT's character model: 6 layers, 6 heads, 384 wide, context 256, a vocabulary of 65, tied output layer, biases, tanh
GELU, scaled_dot_product_attention, fused AdamW with two groups, gradients clipped to a norm of 1, no dropout; bf16 is autocast. The median of
REPEATS times STEPS steps each.
"""

import argparse
import contextlib
import json
import os
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F

CONTEXT, VOCABULARY, WIDTH, LAYERS, HEADS = 256, 65, 384, 6, 6


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x):
        n, t, d = x.shape
        q, k, v = (a.view(n, t, HEADS, d // HEADS).transpose(1, 2) for a in self.qkv(self.norm1(x)).split(WIDTH, dim=2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(y.transpose(1, 2).reshape(n, t, d))
        return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))


class Gpt(nn.Module):
    def __init__(self):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(VOCABULARY, WIDTH), nn.Embedding(CONTEXT, WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH)
        nn.init.normal_(self.wte.weight, std=0.02)
        nn.init.normal_(self.wpe.weight, std=0.02)

    def forward(self, tokens, targets):
        x = self.wte(tokens) + self.wpe.weight
        for block in self.blocks:
            x = block(x)
        logits = F.linear(self.norm(x), self.wte.weight)
        return F.cross_entropy(logits.view(-1, VOCABULARY), targets.view(-1))


def peak_gflops(repeats, dtype, size=2048):
    a, b = torch.randn(size, size, dtype=dtype), torch.randn(size, size, dtype=dtype)
    best = 0.0
    with torch.no_grad():
        for _ in range(repeats + 1):
            start = time.perf_counter()
            a @ b
            best = max(best, 2 * size**3 / (time.perf_counter() - start) / 1e9)
    return best


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("precision", choices=("fp32", "bf16"))
    for name in ("batch", "warm_up", "repeats", "steps"):
        parser.add_argument(name, type=int)
    parser.add_argument("threads", type=int, nargs="?", default=os.cpu_count())
    parser.add_argument("--compile", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    model = Gpt()
    decayed = [p for p in model.parameters() if p.dim() >= 2]
    others = [p for p in model.parameters() if p.dim() < 2]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}],
        lr=1e-3, betas=(0.9, 0.99), fused=True)
    forward = torch.compile(model) if args.compile else model
    windows = torch.randint(0, VOCABULARY, (args.batch, CONTEXT + 1))
    bf16 = args.precision == "bf16"
    precision = torch.autocast("cpu", torch.bfloat16) if bf16 else contextlib.nullcontext()

    def step():
        tokens, targets = windows[:, :-1].contiguous(), windows[:, 1:].contiguous()
        optimizer.zero_grad(set_to_none=True)
        with precision:
            loss = forward(tokens, targets)
        value = loss.item()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return value

    for _ in range(args.warm_up):
        step()
    seconds = []
    for _ in range(args.repeats):
        start = time.perf_counter()
        for _ in range(args.steps):
            value = step()
        seconds.append((time.perf_counter() - start) / args.steps)
    kind = args.precision
    print(json.dumps({
        "torch": torch.__version__,
        "threads": args.threads,
        "compiled": args.compile,
        kind + "_tokens_per_s": args.batch * CONTEXT / statistics.median(seconds),
        "parameters": sum(p.numel() for p in model.parameters()),
        kind + "_peak_gflops": peak_gflops(args.repeats, torch.bfloat16 if bf16 else torch.float32),
        "loss": value,
    }))


if __name__ == "__main__":
    main()
