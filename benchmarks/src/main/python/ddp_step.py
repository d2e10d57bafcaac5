"""One rank of PyTorch's DistributedDataParallel on the steps that Scaling.java (cnn, mlp) and Overlap.java (overlap: without
an optimizer) measure, as PyTorch sets it by default.

    python ddp_step.py cnn|mlp|overlap BATCH STEPS

The environment is torchrun's. In turn, steps without communication and steps with it; rank 0 prints one JSON line: median
seconds of both, and their quotient.
"""

import json
import os
import statistics
import sys
import time

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

ROUNDS = 5
WARM_UP = 5


def network(name):
    if name == "cnn":
        layers = [
            nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(1600, 128), nn.ReLU(), nn.Linear(128, 10),
        ]  # fmt: skip
        return nn.Sequential(*layers), (1, 28, 28)
    if name == "overlap":
        layers = [nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2)]
        for channels in (32, 64, 64):
            layers += [nn.Conv2d(channels, 64, 3), nn.ReLU()]
        layers += [nn.Flatten(), nn.Linear(3136, 384), nn.ReLU(), nn.Linear(384, 10)]
        return nn.Sequential(*layers), (1, 28, 28)
    wide = [part for _ in range(4) for part in (nn.Linear(1024, 1024), nn.ReLU())]
    return nn.Sequential(*wide, nn.Linear(1024, 10)), (1024,)


def seconds(model, optimizer, x, y, steps):
    times = []
    for _ in range(steps + 1):
        start = time.perf_counter()
        model.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.item()
        loss.backward()
        if optimizer is not None:
            optimizer.step()
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def main():
    name, batch, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(1)
    dist.init_process_group("gloo")
    torch.manual_seed(0)
    alone, shape = network(name)
    torch.manual_seed(0)
    together = DistributedDataParallel(network(name)[0])
    x, y = torch.ones(batch, *shape), torch.zeros(batch, dtype=torch.long)
    models = (alone, together)
    optimizers = [None if name == "overlap" else torch.optim.Adam(model.parameters(), 1e-3) for model in models]
    ones, alls = [], []
    for round in range(ROUNDS):
        for model, optimizer, into in ((alone, optimizers[0], ones), (together, optimizers[1], alls)):
            dist.barrier()
            into.append(seconds(model, optimizer, x, y, WARM_UP if round == 0 else steps))
    one, all_ranks = statistics.median(ones[1:]), statistics.median(alls[1:])
    if dist.get_rank() == 0:
        print(json.dumps({
            "torch": torch.__version__,
            "gradient_mb": 4e-6 * sum(p.numel() for p in alone.parameters()),
            "one_step_s": one,
            "step_s": all_ranks,
            "efficiency": one / all_ranks,
        }), flush=True)  # fmt: skip
    dist.barrier()
    dist.destroy_process_group()


main()
