"""A PyTorch twin of examples/article.yaml with a run's weights: does Python see the model that Jumbo trained?

usage: check_checkpoint.py RUN MNIST_DIR [JUMBO]     JUMBO: the launcher, ./jumbo by default; prints one JSON line

Loads model.safetensors with Python's safetensors, strictly, computes the loss and accuracy of the test images, and compares
them with `jumbo evaluate`, and the probabilities of 200 single images with `jumbo predict`. Fails above a difference of 1e-5.
"""
import gzip, json, struct, subprocess, sys, tempfile, zlib
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import load_file

run, data = Path(sys.argv[1]), Path(sys.argv[2])
jumbo = sys.argv[3] if len(sys.argv) > 3 else "./jumbo"
IMAGES = 200


class Twin(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([
            nn.Conv2d(1, 32, 3), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.MaxPool2d(2), nn.Flatten(),
            nn.Linear(1600, 128), nn.Linear(128, 10)])

    def forward(self, x):
        for index, layer in enumerate(self.layers):
            x = F.relu(layer(x)) if index in (0, 2, 5) else layer(x)
        return x


def idx(name, header):
    return np.frombuffer(gzip.open(data / name).read(), np.uint8, offset=header)


def png(pixels):
    """An 8-bit grey PNG of a [28, 28] array."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def call(*arguments):
    return subprocess.run([jumbo, *arguments], check=True, capture_output=True, text=True).stdout


images = idx("t10k-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)
labels = torch.from_numpy(idx("t10k-labels-idx1-ubyte.gz", 8).astype(np.int64))
twin = Twin().eval()
twin.load_state_dict(load_file(run / "checkpoints" / (run / "BEST").read_text().strip() / "model.safetensors"))
with torch.no_grad():
    logits = twin(torch.from_numpy(images.astype(np.float32))[:, None] / 255)
loss = F.cross_entropy(logits, labels).item()
accuracy = (logits.argmax(1) == labels).double().mean().item()
probabilities = logits.softmax(1)

said = json.loads(call("evaluate", str(run), "--split", "test", "--json"))
with tempfile.TemporaryDirectory() as folder:
    files = []
    for i in range(IMAGES):
        files.append(f"{folder}/{i:04}.png")
        Path(files[-1]).write_bytes(png(images[i]))
    lines = [json.loads(line) for line in call("predict", str(run), *files, "--json").splitlines()]
largest = max(abs(line["probability"] - probabilities[i, int(line["label"])].item()) for i, line in enumerate(lines))
result = {
    "images": len(lines), "largest_difference_of_probability": largest, "loss": loss, "jumbo_loss": said["loss"],
    "accuracy": accuracy, "jumbo_accuracy": said["accuracy"]}
print(json.dumps(result))
sys.exit(0 if len(lines) == IMAGES and largest < 1e-5 and abs(loss - said["loss"]) < 1e-5 and accuracy == said["accuracy"] else 1)
