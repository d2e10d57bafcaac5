"""Arrays as numpy and safetensors save them, for ArrayFileTest. Ran with numpy 2.x and safetensors 0.6 or newer."""
import pathlib
import numpy as np
from safetensors.numpy import save_file

out = pathlib.Path(__file__).parent.parent / "resources" / "fixtures" / "arrays"
out.mkdir(parents=True, exist_ok=True)
arrays = {
    "f4": np.linspace(-1, 1, 6, dtype="<f4").reshape(2, 3),
    "f8": np.linspace(-1e12, 1e12, 6, dtype="<f8").reshape(2, 3),
    "big": np.arange(6, dtype=">f8").reshape(2, 3),
    "i8": np.array([[2**62, -5]], dtype="<i8"),
    "i4": np.array([-3, 7], dtype="<i4"),
    "u2": np.array([65535, 7], dtype="<u2"),
    "u1": np.array([[0, 255]], dtype="u1"),
    "b1": np.array([True, False]),
}
np.savez(out / "plain.npz", **arrays)
np.savez_compressed(out / "compressed.npz", **arrays)
save_file({k: v for k, v in arrays.items() if k not in ("big", "u2")}, str(out / "same.safetensors"))
np.savez(out / "objects.npz", words=np.array(["a", None], dtype=object))
# Columns first, and 16 bits; with each, what numpy makes of it in C order and in 64 bits.
random = np.random.default_rng(5)
halves = np.arange(65536, dtype="<u2").view("<f2")
odd = {
    "f": np.asfortranarray(np.arange(6, dtype="<f8").reshape(2, 3)),
    "cube": np.asfortranarray(random.standard_normal((3, 4, 5)).astype("<f4")),
    "ids": np.asfortranarray(random.integers(0, 1000, (4, 3, 2, 5))),
    "big": np.asfortranarray(random.standard_normal((2, 7)).astype(">f2")),
    "pixels": np.asfortranarray(random.integers(0, 256, (3, 4), dtype="u1")),
    "empty": np.asfortranarray(np.zeros((0, 3), dtype="<f4")),
    "vector": np.asfortranarray(np.arange(3, dtype="<f2")),
    "halves": halves[np.isfinite(halves)],
    "not_finite": np.array([np.inf, -np.inf, np.nan], dtype="<f2"),
}
np.savez(out / "fortran.npz", **odd)
np.savez(out / "fortran_plain.npz", **{
    k: np.ascontiguousarray(v).astype("<f4") if v.dtype.kind == "f" and v.dtype.itemsize < 8 else np.ascontiguousarray(v)
    for k, v in odd.items()})
np.savez(out / "words.npz", w=np.array(["a", "bc"]))
