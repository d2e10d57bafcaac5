"""Parameters and FLOPs by PyTorch: FlopCounterMode, which counts the products of forward and backward passes.

Usage: python make_plan_fixtures.py   (writes ../resources/fixtures/plan.json)
"""

import json
import pathlib

import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

BATCH = 2


class Lm(nn.Module):
    """The layers of a small language model, as Jumbo's positional_embedding and transformer_block are."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(1000, 64)
        self.position = nn.Parameter(torch.zeros(32, 64))
        self.blocks = nn.Sequential(
            *[nn.TransformerEncoderLayer(64, 4, 256, 0.0, "gelu", batch_first=True, norm_first=True) for _ in range(2)]
        )
        self.head = nn.Linear(64, 1000, bias=False)

    def forward(self, x):
        return self.head(self.blocks(self.embedding(x) + self.position))


MODELS = {
    "cnn": (
        nn.Sequential(
            nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(1600, 128), nn.ReLU(), nn.Linear(128, 10),
        ),
        lambda: torch.randn(BATCH, 1, 28, 28),
    ),
    "strided": (
        nn.Sequential(nn.Conv2d(3, 16, 5, stride=2, padding=2), nn.Conv2d(16, 16, 3, groups=16), nn.Conv2d(16, 24, 1)),
        lambda: torch.randn(BATCH, 3, 32, 32),
    ),
    "mlp": (nn.Sequential(nn.Linear(104, 128), nn.ReLU(), nn.Linear(128, 64), nn.Linear(64, 2)), lambda: torch.randn(BATCH, 104)),
    "lm": (Lm(), lambda: torch.randint(0, 1000, (BATCH, 32))),
}


def flops(model, x):
    # Attention as separate products: the CPU's flash kernel is not counted.
    with sdpa_kernel(SDPBackend.MATH):
        with FlopCounterMode(display=False) as forward:
            model(x)
        with FlopCounterMode(display=False) as training:
            model(x).sum().backward()
    return forward.get_total_flops() // BATCH, training.get_total_flops() // BATCH


result = {"torch": torch.__version__}
for name, (model, x) in MODELS.items():
    forward, training = flops(model, x())
    result[name] = {
        "parameters": sum(p.numel() for p in model.parameters()),
        "forward": forward,
        "training": training,
    }
path = pathlib.Path(__file__).parent.parent / "resources" / "fixtures" / "plan.json"
path.write_text(json.dumps(result, indent=1) + "\n")
print(path.read_text())
