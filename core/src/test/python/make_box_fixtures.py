"""Writes boxes.json: where torchvision's transforms.v2 takes boxes and pictures that are resized, padded, cut and mirrored.

Usage: python make_box_fixtures.py ../resources/fixtures
Needs PyTorch and torchvision; written with 2.13.0 and 0.28.0.
"""

import json
import math
import random
import sys
import types
from pathlib import Path

import torch

# Geometry needs none of torchvision's own operators, which another build of PyTorch may not load.
register = torch.library.register_fake
torch.library.register_fake = lambda op, *a, **k: (
    (lambda f: f) if str(op).startswith("torchvision::") else register(op, *a, **k)
)
sys.modules["torchvision._meta_registrations"] = types.ModuleType("none")
from torchvision import tv_tensors  # noqa: E402
from torchvision.transforms.v2 import functional as F  # noqa: E402

random.seed(7)
torch.manual_seed(7)


def boxes(width, height, count=4):
    made = []
    for _ in range(count):
        x = sorted(round(random.uniform(0, width), 2) for _ in range(2))
        y = sorted(round(random.uniform(0, height), 2) for _ in range(2))
        made.append([x[0], y[0], x[1], y[1]])
    return made


def tensors(values, width, height):
    return tv_tensors.BoundingBoxes(
        torch.tensor(values, dtype=torch.float64), format="XYXY", canvas_size=(height, width)
    )


def clamped(b):
    return F.clamp_bounding_boxes(b, clamping_mode="hard")


def numbers(tensor):
    return [float(f"{v:.9g}") for v in tensor.double().flatten().tolist()]


def chain(width, height):
    """Random changes, one after the other."""
    values = boxes(width, height)
    b = tensors(values, width, height)
    steps = []
    w, h = width, height
    for _ in range(random.randint(1, 4)):
        kind = random.choice(["resize", "move", "mirror"])
        if kind == "resize":
            to = [random.randint(5, 120), random.randint(5, 120)]
            b = F.resize(b, [to[1], to[0]])
            steps.append({"resize": to})
            w, h = to
        elif kind == "move":
            right, down = random.randint(-9, 9), random.randint(-9, 9)
            to = [random.randint(5, 120), random.randint(5, 120)]
            b = F.crop(b, -down, -right, to[1], to[0])
            steps.append({"move": [right, down], "to": to})
            w, h = to
        else:
            x, y = random.random() < 0.5, random.random() < 0.5
            b = F.horizontal_flip(b) if x else b
            b = F.vertical_flip(b) if y else b
            steps.append({"mirror": [x, y]})
        b = clamped(b)
    return {"width": width, "height": height, "boxes": values, "steps": steps, "expected": numbers(b)}


def fitted(fit, width, height, to_width, to_height):
    """A picture of one size, by the three ways of resize."""
    values = boxes(width, height)
    picture = torch.randint(0, 256, (3, height, width), dtype=torch.uint8)
    across, down = to_width / width, to_height / height
    scale = {"stretch": None, "pad": min(across, down), "crop": max(across, down)}[fit]
    size = [to_height, to_width]
    if scale is not None:
        size = [
            to_height if scale == down else max(1, math.floor(height * scale + 0.5)),
            to_width if scale == across else max(1, math.floor(width * scale + 0.5)),
        ]

    def onto(x):
        # By pad and not center_crop, which puts boxes half a pixel's rounding away from the picture where it pads.
        if fit == "pad":
            left, top = (to_width - size[1]) // 2, (to_height - size[0]) // 2
            return F.pad(x, [left, top, to_width - size[1] - left, to_height - size[0] - top])
        return F.center_crop(x, [to_height, to_width])

    b = clamped(onto(F.resize(tensors(values, width, height), size)))
    p = onto(F.resize(picture.double(), size, antialias=True))
    return {
        "fit": fit,
        "width": width,
        "height": height,
        "to": [to_width, to_height],
        "boxes": values,
        "picture": picture.flatten().tolist(),
        "expected": numbers(b),
        "pixels": [round(v, 3) for v in p.flatten().tolist()],
    }


cases = [chain(random.randint(10, 90), random.randint(10, 90)) for _ in range(40)]
fits = [
    fitted(fit, *size)
    for fit in ["stretch", "pad", "crop"]
    for size in [(17, 11, 8, 8), (11, 17, 8, 8), (9, 9, 12, 7), (8, 8, 8, 8), (7, 20, 13, 10)]
]
out = Path(sys.argv[1]) / "boxes.json"
out.write_text(json.dumps({"chains": cases, "fits": fits}, separators=(",", ":")) + "\n")
