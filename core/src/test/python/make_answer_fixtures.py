"""What outputs mean, by PyTorch: probabilities of every shape that a model answers with, and the chosen classes.

Run with: python make_answer_fixtures.py (torch 2.13.0)
"""

import json
import pathlib

import torch

torch.manual_seed(7)
ROWS, CLASSES, STEPS = 3, 4, 5
out = {"torch": torch.__version__.split("+")[0]}


def case(name, logits, probabilities, labels):
    out[name] = {
        "logits": logits.flatten().tolist(),
        "probabilities": probabilities.flatten().tolist(),
        "labels": labels.flatten().tolist(),
    }


x = torch.randn(ROWS, CLASSES)
case("softmax", x, x.softmax(1), x.argmax(1))

x = torch.tensor([[-2.0], [0.0], [1.5]])
p = x.sigmoid()
case("sigmoid", x, torch.cat([1 - p, p], 1), (p > 0.5).long())

x = torch.randn(ROWS, CLASSES)
case("labels", x, x.sigmoid(), (x.sigmoid() > 0.5).long())

x = torch.randn(ROWS, STEPS, CLASSES)
case("steps_last", x, x.softmax(2), x.argmax(2))

x = torch.randn(ROWS, CLASSES, STEPS)
case("steps_first", x, x.softmax(1).transpose(1, 2).contiguous(), x.argmax(1))

x = torch.randn(ROWS, CLASSES, 2, 3)
case("image", x, x.softmax(1).permute(0, 2, 3, 1).contiguous(), x.argmax(1))

x = torch.randn(ROWS, STEPS)
p = x.sigmoid()
case("binary_steps", x, torch.stack([1 - p, p], 2), (p > 0.5).long())

path = pathlib.Path(__file__).parent.parent / "resources/fixtures/answer/answers.json"
path.parent.mkdir(parents=True, exist_ok=True)
path.write_text(json.dumps(out, indent=1) + "\n")
