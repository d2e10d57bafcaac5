"""Writes losses.json: value and gradient of each loss as PyTorch computes them.

Usage: python make_loss_fixtures.py ../resources/fixtures
Needs PyTorch.
"""

import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as F


def numbers(tensor):
    return [float(f"{v:.9g}") for v in tensor.detach().double().flatten().tolist()]


def case(outputs, targets, loss, predictions):
    x = outputs.detach().clone().requires_grad_(True)
    value = loss(x)
    value.backward()
    return {
        "outputs": {"shape": list(x.shape), "values": numbers(x)},
        "targets": {
            "shape": list(targets.shape),
            "ids": not targets.is_floating_point(),
            "values": numbers(targets),
        },
        "loss": float(value.detach()),
        "gradient": numbers(x.grad),
        "predictions": numbers(predictions(outputs)),
    }


def cross_entropy():
    g = torch.Generator().manual_seed(3)
    x = torch.randn(4, 5, generator=g) * 3
    ids = torch.tensor([0, 3, 4, 3])
    padded = torch.tensor([0, 3, -100, 3])
    one_hot = F.one_hot(ids, 5).float()
    soft_targets = torch.softmax(torch.randn(4, 5, generator=g), 1)
    weights = torch.tensor([0.5, 1.0, 2.0, 3.0, 0.1])
    images = torch.randn(2, 3, 2, 2, generator=g)
    pixels = torch.randint(0, 3, (2, 2, 2), generator=g)
    sequences = torch.randn(2, 4, 3, generator=g)
    tokens = torch.tensor([[0, 2, 1, 0], [1, 2, -1, -1]])
    sequence_targets = torch.softmax(torch.randn(2, 4, 3, generator=g), 2)
    p = torch.softmax(x, 1).detach()
    p[0] = torch.tensor([0.0, 0.25, 0.25, 0.25, 0.25])  # the right class has probability 0

    def softmax(t):
        return torch.softmax(t, 1)

    def log(t):
        return torch.log(t.clamp(1e-7, 1))

    return {
        "ids": case(x, ids, lambda t: F.cross_entropy(t, ids), softmax),
        "one_hot": case(x, one_hot, lambda t: F.cross_entropy(t, one_hot), softmax),
        "probabilities": case(x, soft_targets, lambda t: F.cross_entropy(t, soft_targets), softmax),
        "smoothing": case(x, ids, lambda t: F.cross_entropy(t, ids, label_smoothing=0.1), softmax),
        "weights": case(x, ids, lambda t: F.cross_entropy(t, ids, weight=weights), softmax),
        "weights_smoothing_one_hot": case(
            x, one_hot, lambda t: F.cross_entropy(t, one_hot, weight=weights, label_smoothing=0.2), softmax
        ),
        "ignore": case(x, padded, lambda t: F.cross_entropy(t, padded), softmax),
        "images": case(images, pixels, lambda t: F.cross_entropy(t, pixels), softmax),
        "sequences": case(
            sequences,
            tokens,
            lambda t: F.cross_entropy(t.transpose(1, 2), tokens, ignore_index=-1),
            lambda t: torch.softmax(t, 2),
        ),
        "sequence_probabilities": case(
            sequences,
            sequence_targets,
            lambda t: F.cross_entropy(t.transpose(1, 2), sequence_targets.transpose(1, 2)),
            lambda t: torch.softmax(t, 2),
        ),
        "from_probabilities": case(p, ids, lambda t: F.cross_entropy(log(t), ids), lambda t: t),
        "from_probabilities_smoothing": case(
            p, ids, lambda t: F.cross_entropy(log(t), ids, label_smoothing=0.1), lambda t: t
        ),
    }


def binary_cross_entropy():
    g = torch.Generator().manual_seed(4)
    x = torch.randn(4, 3, generator=g) * 4
    t = torch.tensor([[0.0, 1, 1], [1, 0, 0], [0.3, 1, 0], [0, 0, 1]])
    column = torch.tensor([0, 1, 1, 0])
    one = torch.randn(4, 1, generator=g)
    p = torch.sigmoid(x)
    p[0] = torch.tensor([0.0, 1.0, 0.0])

    def keras(q):  # the formula of Keras, which PyTorch's own binary_cross_entropy clamps otherwise
        q = q.clamp(1e-7, 1 - 1e-7)
        return -(2.5 * t * torch.log(q) + (1 - t) * torch.log(1 - q)).mean()

    return {
        "logits": case(x, t, lambda y: F.binary_cross_entropy_with_logits(y, t), torch.sigmoid),
        "pos_weight": case(
            x,
            t,
            lambda y: F.binary_cross_entropy_with_logits(y, t, pos_weight=torch.tensor(2.5)),
            torch.sigmoid,
        ),
        "column_of_ids": case(
            one, column, lambda y: F.binary_cross_entropy_with_logits(y, column.float().view(4, 1)), torch.sigmoid
        ),
        "from_probabilities": case(p, t, keras, lambda y: y),
    }


def differences():
    g = torch.Generator().manual_seed(5)
    x, t = torch.randn(4, 3, generator=g) * 2, torch.randn(4, 3, generator=g)
    one, column = torch.randn(4, 1, generator=g), torch.randn(4, generator=g)
    same = lambda y: y  # noqa: E731
    return {
        "mse": case(x, t, lambda y: F.mse_loss(y, t), same),
        "mse_column": case(one, column, lambda y: F.mse_loss(y, column.view(4, 1)), same),
        "mae": case(x, t, lambda y: F.l1_loss(y, t), same),
        "huber": case(x, t, lambda y: F.huber_loss(y, t), same),
        "huber_delta": case(x, t, lambda y: F.huber_loss(y, t, delta=0.4), same),
    }


def kl_divergence():
    g = torch.Generator().manual_seed(6)
    x, t = torch.randn(4, 5, generator=g), torch.softmax(torch.randn(4, 5, generator=g), 1)
    t[0] = torch.tensor([0.0, 1.0, 0.0, 0.0, 0.0])
    xs, ts = torch.randn(2, 3, 4, generator=g), torch.softmax(torch.randn(2, 3, 4, generator=g), 2)

    def kl(y, target):
        return F.kl_div(F.log_softmax(y, -1).flatten(0, -2), target.flatten(0, -2), reduction="batchmean")

    softmax = lambda y: torch.softmax(y, -1)  # noqa: E731
    return {
        "batch": case(x, t, lambda y: kl(y, t), softmax),
        "sequences": case(xs, ts, lambda y: kl(y, ts), softmax),
    }


def ctc():
    g = torch.Generator().manual_seed(7)
    x = torch.randn(3, 8, 5, generator=g)
    labels = torch.tensor([[1, 2, 2, 4], [3, -1, -1, -1], [4, 1, -1, -1]])
    lengths = torch.tensor([4, 1, 2])
    inputs = torch.tensor([8, 5, 6])
    with_lengths = torch.cat([inputs.view(3, 1), labels], 1)
    blank_last = torch.tensor([[1, 2, 2, 0], [3, -1, -1, -1], [0, 1, -1, -1]])
    long = torch.tensor([[1, 2, 3, 4, 1, 2, 3, 4, 1], [3, -1, -1, -1, -1, -1, -1, -1, -1], [4, 1, -1, -1, -1, -1, -1, -1, -1]])

    def ctc(y, target, n, t, **options):
        return F.ctc_loss(F.log_softmax(y, -1).transpose(0, 1), target.clamp(min=0), n, t, **options)

    full = torch.tensor([8, 8, 8])
    softmax = lambda y: torch.softmax(y, -1)  # noqa: E731
    return {
        "full": case(x, labels, lambda y: ctc(y, labels, full, lengths), softmax),
        "input_lengths": case(x, with_lengths, lambda y: ctc(y, labels, inputs, lengths), softmax),
        "blank": case(x, blank_last, lambda y: ctc(y, blank_last, full, lengths, blank=4), softmax),
        "zero_infinity": case(
            x, long, lambda y: ctc(y, long, full, torch.tensor([9, 1, 2]), zero_infinity=True), softmax
        ),
    }


def main():
    content = {
        "cross_entropy": cross_entropy(),
        "binary_cross_entropy": binary_cross_entropy(),
        "differences": differences(),
        "kl_divergence": kl_divergence(),
        "ctc": ctc(),
    }
    (Path(sys.argv[1]) / "losses.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
