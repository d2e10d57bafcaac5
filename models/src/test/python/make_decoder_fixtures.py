"""Writes small decoders as transformers saves them, with what it computes with them, for the readers of dev.jumbo.models.language.

    python models/src/test/python/make_decoder_fixtures.py     # needs torch, transformers; tests need only the files

decoders/NAME/: config.json, model.safetensors (or shards with an index) and expected.safetensors: ids, the logits of them, and the
gradient of each parameter of sum(logits * sin(1 + 0.37 i)). Every parameter is drawn, biases and scales too. A directory without
weights is another config.json for those of "base", named in base.txt: the same tensors, read with other options.
Ran with torch 2.13.0, transformers 5.18.0.
"""

import json
import pathlib
import shutil

import torch

# transformers imports torchvision where it is there, whose natives may be built for another torch; models of text need none.
torch.library.register_fake = lambda *_, **__: lambda function: function

import transformers
from safetensors.torch import save_file

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "decoders"
SMALL = dict(vocab_size=20, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4,
             num_key_value_heads=2, rms_norm_eps=1e-5, max_position_embeddings=32)
WIDE = dict(SMALL, head_dim=8)
DEFAULT = {"rope_type": "default", "rope_theta": 10000.0}


def wave(shape):
    count = torch.Size(shape).numel()
    return torch.sin(1 + 0.37 * torch.arange(count, dtype=torch.float64)).float().reshape(shape)


def draw(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, p in sorted(model.named_parameters()):
            values = torch.randn(p.shape, generator=generator) * 0.25
            p.copy_(1 + values if p.dim() == 1 and name.endswith("weight") else values)


def expected(model, directory, lengths):
    tensors = {}
    for steps in lengths:
        ids = (torch.arange(2 * steps) * 7 % model.config.vocab_size).reshape(2, steps)
        model.zero_grad()
        logits = model(ids).logits
        (logits.float() * wave(logits.shape)).sum().backward()
        tensors[f"{steps}.ids"] = ids
        tensors[f"{steps}.logits"] = logits.detach().float()
        if steps == lengths[0]:
            for name, p in model.named_parameters():
                tensors[f"{steps}.gradient.{name}"] = p.grad.float().contiguous()
    save_file(tensors, directory / "expected.safetensors")


def model_of(architecture, **options):
    config = getattr(transformers, architecture + "Config")(attn_implementation="eager", bos_token_id=1, eos_token_id=2,
                                                            **options)
    head = {"GPT2": "GPT2LMHeadModel"}.get(architecture, architecture + "ForCausalLM")
    return getattr(transformers, head)(config).eval()


def write(name, architecture, lengths=(12,), dtype=None, shard=None, seed=1, **options):
    model = model_of(architecture, **options)
    draw(model, seed)
    if dtype is not None:
        # Values that the type has, computed with in fp32; the angles of positions stay what they are.
        with torch.no_grad():
            for p in model.parameters():
                p.copy_(p.to(dtype))
    directory = OUT / name
    shutil.rmtree(directory, ignore_errors=True)
    saved = model_of(architecture, **options)
    saved.load_state_dict(model.state_dict())
    saved = saved.to(dtype or torch.float32)
    saved.save_pretrained(directory, **({} if shard is None else {"max_shard_size": shard}))
    expected(model, directory, lengths)


def variant(name, base, architecture, lengths=(12,), **options):
    """Another config.json for the weights of base."""
    directory = OUT / name
    shutil.rmtree(directory, ignore_errors=True)
    model = model_of(architecture, **options)
    model.load_state_dict(getattr(transformers, type(model).__name__).from_pretrained(OUT / base).float().state_dict())
    directory.mkdir(parents=True)
    model.config.architectures = [type(model).__name__]
    model.config.save_pretrained(directory)
    (directory / "base.txt").write_text(base + "\n")
    expected(model, directory, lengths)


def old_form(name, base):
    """The keys of rotary positions as they were before 2025."""
    directory = OUT / name
    shutil.rmtree(directory, ignore_errors=True)
    shutil.copytree(OUT / base, directory)
    file = directory / "config.json"
    config = json.loads(file.read_text())
    parameters = config.pop("rope_parameters")
    config["rope_theta"] = parameters.pop("rope_theta")
    parameters["type"] = parameters["rope_type"]
    config["rope_scaling"] = parameters
    config["torch_dtype"] = config.pop("dtype", "float32")
    config["pretraining_tp"] = 1
    file.write_text(json.dumps(config, indent=2) + "\n")


def main():
    write("gpt2", "GPT2", vocab_size=20, n_positions=16, n_embd=16, n_layer=2, n_head=4)
    write("gpt2_options", "GPT2", vocab_size=20, n_positions=16, n_embd=16, n_layer=2, n_head=2, n_inner=24,
          activation_function="relu", layer_norm_epsilon=1e-3, tie_word_embeddings=False, attn_pdrop=0.2, embd_pdrop=0.3)
    write("llama", "Llama", rope_parameters=DEFAULT, **WIDE)
    write("llama_tied", "Llama", rope_parameters=DEFAULT, tie_word_embeddings=True, attention_bias=True, mlp_bias=True, head_dim=6,
          hidden_act="gelu", **SMALL)
    write("llama_bf16", "Llama", dtype=torch.bfloat16, rope_parameters=DEFAULT, **SMALL)
    write("llama_shards", "Llama", dtype=torch.float16, shard="4KB", rope_parameters=DEFAULT, **SMALL)
    longer = dict(WIDE, max_position_embeddings=16)
    variant("llama_linear", "llama", "Llama", rope_parameters={"rope_type": "linear", "rope_theta": 5000.0, "factor": 4.0}, **WIDE)
    variant("llama_dynamic", "llama", "Llama", lengths=(12, 24),
            rope_parameters={"rope_type": "dynamic", "rope_theta": 10000.0, "factor": 2.0}, **longer)
    variant("llama_llama3", "llama", "Llama", rope_parameters={
        "rope_type": "llama3", "rope_theta": 500.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 16}, **WIDE)
    variant("llama_yarn", "llama", "Llama", rope_parameters={
        "rope_type": "yarn", "rope_theta": 100.0, "factor": 4.0, "original_max_position_embeddings": 16, "beta_fast": 4.0,
        "beta_slow": 0.5}, **dict(WIDE, max_position_embeddings=64))
    variant("llama_yarn_mscale", "llama", "Llama", rope_parameters={
        "rope_type": "yarn", "rope_theta": 100.0, "factor": 4.0, "original_max_position_embeddings": 16, "mscale": 0.7,
        "mscale_all_dim": 1.3, "truncate": False, "beta_fast": 3.0, "beta_slow": 0.5}, **dict(WIDE, max_position_embeddings=64))
    variant("llama_longrope", "llama", "Llama", lengths=(12, 24), rope_parameters={
        "rope_type": "longrope", "rope_theta": 10000.0, "original_max_position_embeddings": 16, "short_factor": [1.0, 1.5, 2.0, 2.5],
        "long_factor": [1.2, 3.0, 4.0, 6.0]}, **dict(WIDE, max_position_embeddings=64))
    old_form("llama_old_keys", "llama_yarn")
    write("mistral", "Mistral", sliding_window=5, rope_parameters=DEFAULT, **SMALL)
    variant("mistral_whole", "mistral", "Mistral", sliding_window=None, rope_parameters=DEFAULT, **SMALL)
    write("qwen2", "Qwen2", use_sliding_window=True, sliding_window=4, max_window_layers=1, rope_parameters=DEFAULT, **SMALL)
    write("qwen3", "Qwen3", head_dim=6, use_sliding_window=True, sliding_window=4, max_window_layers=1, tie_word_embeddings=True,
          rope_parameters=DEFAULT, **SMALL)
    write("smollm3", "SmolLM3", no_rope_layer_interval=2, pad_token_id=None,
          rope_parameters={"rope_type": "default", "rope_theta": 50000.0}, **SMALL)


if __name__ == "__main__":
    main()
