"""Digests for SmallFloatsTest: what NumPy and PyTorch make of 16-bit floats.

    python serve/src/test/python/small_floats.py

Ran with NumPy 2.4.6 and PyTorch 2.13.0.
"""

import hashlib

import numpy
import torch


def sha(values, kind):
    return hashlib.sha256(values.astype(kind).tobytes()).hexdigest()


halves = numpy.arange(65536, dtype=numpy.uint16).view(numpy.float16).astype(numpy.float32)
halves[numpy.isnan(halves)] = 0
print("halves", sha(halves, "<f4"))

k = numpy.arange(100_000, dtype=numpy.uint64)
mantissa = ((k * numpy.uint64(2654435761)) % numpy.uint64(2**32)).astype(numpy.float64) / 2**32 + 1
numbers = numpy.ldexp(mantissa, (k % numpy.uint64(56)).astype(numpy.int64) - 40)
print("to half", sha(numbers.astype(numpy.float16).astype(numpy.float64), "<f8"))
brain = torch.tensor(numbers, dtype=torch.float64).to(torch.bfloat16).to(torch.float64).numpy()
print("to brain float", sha(brain, "<f8"))
large = [2**64 - 1, 2**63, 2**63 + 1024, 2**63 + 1025, 2**63 + 3072, 12345678901234567890]
print([float(v).hex() for v in numpy.array(large, dtype=numpy.uint64).astype(numpy.float64)])
