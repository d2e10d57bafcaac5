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
np.savez(out / "fortran.npz", f=np.asfortranarray(np.zeros((2, 3))))
np.savez(out / "words.npz", w=np.array(["a", "bc"]))
