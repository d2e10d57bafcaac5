"""Loads what HuggingFaceTest wrote with transformers, and compares the logits with those of make_decoder_fixtures.py.

    mvn -pl models -am test -Dtest=HuggingFaceTest -Dsurefire.failIfNoSpecifiedTests=false -DargLine=-Djumbo.decoder.exports=/tmp/exports
    python models/src/test/python/check_decoder_exports.py /tmp/exports

Ran with torch 2.13.0, transformers 5.18.0.
"""

import pathlib
import sys

import torch

torch.library.register_fake = lambda *_, **__: lambda function: function

import transformers
from safetensors.torch import load_file

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "resources" / "decoders"


def main(exports):
    for directory in sorted(exports.glob("*-written")):
        name = directory.name.removesuffix("-written")
        expected = load_file(FIXTURES / name / "expected.safetensors")
        model, loading = transformers.AutoModelForCausalLM.from_pretrained(
            directory, dtype=torch.float32, attn_implementation="eager", output_loading_info=True)
        assert not any(loading.values()), (name, loading)
        worst = 0.0
        for key in [k for k in expected if k.endswith(".ids")]:
            logits = model.eval()(expected[key]).logits
            worst = max(worst, (logits - expected[key.replace("ids", "logits")]).abs().max().item())
        print(f"{name:20} {type(model).__name__:20} largest difference {worst:.1e}")
        assert worst < 1e-5, name


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
