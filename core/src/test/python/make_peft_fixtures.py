"""Fixtures of adapters, by PEFT 0.21.0 on transformers 5.18 and PyTorch 2.13.

    PYTHONPATH=SITE_WITH_PEFT python core/src/test/python/make_peft_fixtures.py

writes core/src/test/resources/dev/jumbo/peft: a tiny Llama (base.safetensors), ids, logits of the base, and for each kind of adapter PEFT's own
directory (adapter_config.json, adapter_model.safetensors) and expected.safetensors: logits, gradients of their mean square by PEFT's names,
and the matrix of one layer after merge_and_unload.
"""

import json
import shutil
import sys
from pathlib import Path

sys.modules["torchvision"] = None  # Nothing here needs it, and it is not always of torch's build.

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM

OUT = Path(__file__).parents[1] / "resources/dev/jumbo/peft"
ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def llama():
    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=24,
        hidden_size=16,
        intermediate_size=24,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=32,
        rope_theta=10000.0,
        attention_bias=False,
        tie_word_embeddings=False,
        attn_implementation="eager",
        rms_norm_eps=1e-6,
    )
    model = LlamaForCausalLM(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    return model


def state(model):
    return {k: v.detach().clone().contiguous() for k, v in model.state_dict().items()}


def adapter(name, make, ids, probe, **options):
    model = make()
    peft = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", **options))
    torch.manual_seed(2)
    with torch.no_grad():
        for key, parameter in peft.named_parameters():
            if "lora_B" in key:
                parameter.copy_(0.2 * torch.randn_like(parameter))
            if "lora_magnitude_vector" in key:
                parameter.mul_(1 + 0.2 * torch.rand_like(parameter))
    logits = peft(ids).logits
    logits.square().mean().backward()
    directory = OUT / name
    shutil.rmtree(directory, ignore_errors=True)
    peft.save_pretrained(directory)
    (directory / "README.md").unlink(missing_ok=True)
    file = directory / "adapter_config.json"
    config = json.loads(file.read_text())
    config["base_model_name_or_path"] = "base"
    config["target_modules"] = sorted(config["target_modules"])
    file.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    expected = {"logits": logits.detach().contiguous()}
    for key, parameter in peft.named_parameters():
        if parameter.requires_grad:
            expected["grad." + key.replace(".default", "")] = parameter.grad.contiguous()
    merged = peft.merge_and_unload()
    expected["merged"] = dict(merged.named_parameters())[probe].detach().clone().contiguous()
    expected["merged_logits"] = merged(ids).logits.detach().contiguous()
    save_file(expected, directory / "expected.safetensors")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    base = llama()
    torch.manual_seed(3)
    ids = torch.randint(0, 24, (2, 7))
    save_file(state(base), OUT / "base.safetensors")
    save_file({"ids": ids, "logits": base(ids).logits.detach().contiguous()}, OUT / "base_expected.safetensors")
    probe = "model.layers.1.mlp.down_proj.weight"
    adapter("lora", llama, ids, probe, r=4, lora_alpha=8, target_modules=ALL)
    adapter("rslora", llama, ids, probe, r=4, lora_alpha=8, use_rslora=True, target_modules=["q_proj", "down_proj"])
    adapter("dora", llama, ids, probe, r=4, lora_alpha=8, use_dora=True, target_modules=ALL)
    adapter(
        "patterns",
        llama,
        ids,
        probe,
        r=4,
        lora_alpha=8,
        target_modules=["v_proj", "down_proj"],
        rank_pattern={"layers.1.mlp.down_proj": 2},
        alpha_pattern={"down_proj": 3},
        modules_to_save=["lm_head"],
    )


main()
