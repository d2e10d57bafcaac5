"""The training step of the article's network in PyTorch, the twin of dev.jumbo.benchmarks.Step.

usage: torch_steps.py [THREADS] [--compile] [--fused] [--bf16] [--quick]     prints one JSON object

Images a second at batch 64, once in PyTorch's own memory layout and once channels-last: the median of nine repeats of
twenty steps. --fused takes Adam's fused kernel, as Jumbo does. --bf16 runs under autocast and also measures the fp32 product of two 2048 x 2048 matrices.
"""

import argparse
import contextlib
import json
import os
import statistics
import time

import torch
from torch import nn

BATCH = 64


def network():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(1600, 128), nn.ReLU(), nn.Linear(128, 10))


def seconds_of(work, warm_up, repeats, inner):
    for _ in range(warm_up):
        work()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        for _ in range(inner):
            work()
        seconds.append((time.perf_counter() - start) / inner)
    return seconds


def images_per_second(args, channels_last):
    model = network()
    images = torch.randn(BATCH, 28, 28, 1).permute(0, 3, 1, 2)
    labels = torch.randint(0, 10, (BATCH,))
    if channels_last:
        model = model.to(memory_format=torch.channels_last)
    else:
        images = images.contiguous()
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=args.fused or None)
    forward = torch.compile(model) if args.compile else model
    precision = torch.autocast("cpu", torch.bfloat16) if args.bf16 else contextlib.nullcontext()

    def step():
        optimizer.zero_grad(set_to_none=True)
        with precision:
            outputs = forward(images)
        nn.functional.cross_entropy(outputs.float(), labels).backward()
        optimizer.step()

    times = seconds_of(step, 2, 2, 2) if args.quick else seconds_of(step, 40, 9, 20)
    return BATCH / statistics.median(times)


def peak_gflops(repeats, size=2048):
    a, b = torch.randn(size, size), torch.randn(size, size)
    with torch.no_grad():
        return 2 * size**3 / min(seconds_of(lambda: a @ b, 1, repeats, 1)) / 1e9


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("threads", type=int, nargs="?", default=os.cpu_count())
    for flag in ("compile", "fused", "bf16", "quick"):
        parser.add_argument("--" + flag, action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    suffix = "bf16_images_per_s" if args.bf16 else "images_per_s"
    result = {"torch": torch.__version__, "threads": args.threads, "compiled": args.compile, "fused": args.fused}
    result["cnn_" + suffix] = images_per_second(args, channels_last=False)
    result["cnn_channels_last_" + suffix] = images_per_second(args, channels_last=True)
    if args.bf16:
        result["peak_gflops"] = peak_gflops(1 if args.quick else 9)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
