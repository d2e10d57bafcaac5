"""Loads what EncoderFilesTest wrote with transformers, and compares the outputs with those of make_encoder_fixtures.py.

    mvn -pl models -am test -Dtest=EncoderFilesTest -Dsurefire.failIfNoSpecifiedTests=false -DargLine=-Djumbo.encoder.exports=/tmp/exports
    python models/src/test/python/check_encoder_exports.py /tmp/exports

Ran with torch 2.13.0, transformers 5.18.0.
"""

import json
import pathlib
import sys

import torch

torch.library.register_fake = lambda *_, **__: lambda function: function

import transformers
from safetensors.torch import load_file

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "resources" / "hf"


def output(found, masks):
    if "logits" in found:
        return found.logits
    steps = found.last_hidden_state
    mask = masks["attention_mask"].float() if masks else torch.ones(steps.shape[:2])
    return (steps * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)


def main(exports):
    for directory in sorted(exports.glob("*-written")):
        name = directory.name.removesuffix("-written")
        expected = load_file(FIXTURES / name / "expected.safetensors")
        architecture = getattr(transformers, json.loads((directory / "config.json").read_text())["architectures"][0])
        model, loading = architecture.from_pretrained(
            directory, dtype=torch.float32, attn_implementation="eager", output_loading_info=True)
        # The body alone is written without the vector of the whole text, which no task of it needs.
        missing = {key for key in loading["missing_keys"] if not (name == "bert_sentences" and key.startswith("pooler."))}
        assert not missing and not any(v for k, v in loading.items() if k != "missing_keys"), (name, loading)
        inputs = {k: v for k, v in expected.items() if k in ("input_ids", "token_type_ids", "decoder_input_ids")}
        masks = {k: v for k, v in expected.items() if k.endswith("attention_mask")}
        worst = 0.0
        with torch.no_grad():
            for kind, given in (("plain", {}), ("masked", masks)):
                found = output(model.eval()(**inputs, **given), given)
                worst = max(worst, (found - expected[f"{kind}.logits"]).abs().max().item())
        print(f"{name:20} {type(model).__name__:32} largest difference {worst:.1e}")
        assert worst < 1e-5, name


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
