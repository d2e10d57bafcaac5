"""Loads adapters that Jumbo wrote in Python's PEFT and compares their logits with those of PEFT's own, to 1e-5.

    java ... -Djumbo.peft.out=DIR (PeftAdapterTest), then
    PYTHONPATH=SITE_WITH_PEFT python core/src/test/python/check_peft.py DIR
"""

import sys
import warnings
from pathlib import Path

sys.modules["torchvision"] = None  # Nothing here needs it, and it is not always of torch's build.

import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import LlamaConfig, LlamaForCausalLM

FIXTURES = Path(__file__).parents[1] / "resources/dev/jumbo/peft"
warnings.simplefilter("error")  # Keys that do not fit are a warning in PEFT.


def base():
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=24,
            hidden_size=16,
            intermediate_size=24,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=32,
            rope_theta=10000.0,
            tie_word_embeddings=False,
            attn_implementation="eager",
            rms_norm_eps=1e-6,
        )
    )
    model.load_state_dict(load_file(FIXTURES / "base.safetensors"))
    return model.eval()


ids = load_file(FIXTURES / "base_expected.safetensors")["ids"]
for kind in ("lora", "rslora", "dora", "patterns"):
    logits = PeftModel.from_pretrained(base(), Path(sys.argv[1]) / kind).eval()(ids).logits
    expected = load_file(FIXTURES / kind / "expected.safetensors")["logits"]
    difference = (logits - expected).abs().max().item()
    print(kind, difference)
    assert difference < 1e-5
