"""Writes the safetensors file that SafetensorsTest reads, and checks one that Java wrote.

    python core/src/test/python/make_safetensors_fixtures.py            # writes the fixture
    python core/src/test/python/make_safetensors_fixtures.py FILE       # reads FILE, which Java wrote

Needs torch and safetensors.
"""

import pathlib
import sys

import torch
from safetensors import safe_open
from safetensors.torch import save_file

RESOURCES = pathlib.Path(__file__).parent.parent / "resources" / "dev" / "jumbo" / "tensor"
DTYPES = {
    "f32": torch.float32,
    "f64": torch.float64,
    "bf16": torch.bfloat16,
    "f16": torch.float16,
    "i64": torch.int64,
    "i32": torch.int32,
    "i16": torch.int16,
    "i8": torch.int8,
    "u8": torch.uint8,
    "bool": torch.bool,
}


def tensors():
    """Per type a [2, 3] of 0, 1, 2, 3, 4, 5 (bool: not zero); an empty tensor and a scalar."""
    made = {name: torch.arange(6).reshape(2, 3).to(dtype) for name, dtype in DTYPES.items()}
    made["empty"] = torch.zeros(0, 4)
    made["scalar"] = torch.tensor(2.5)
    made["größe.weight"] = torch.tensor([-1.5, 0.25])
    return made


def check(path):
    expected = tensors()
    with safe_open(path, "pt") as file:
        assert file.metadata() == {"framework": "jumbo", "note": 'a "quoted" text'}, file.metadata()
        assert set(file.keys()) == set(expected), set(file.keys()) ^ set(expected)
        for name, tensor in expected.items():
            read = file.get_tensor(name)
            assert read.dtype == tensor.dtype and torch.equal(read, tensor), (name, read, tensor)
    print("equal:", ", ".join(expected))


if len(sys.argv) > 1:
    check(sys.argv[1])
else:
    RESOURCES.mkdir(parents=True, exist_ok=True)
    save_file(tensors(), RESOURCES / "python.safetensors", {"framework": "pt", "note": 'a "quoted" text'})
