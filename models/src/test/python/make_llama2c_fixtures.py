"""Writes a small random Llama in the three versions of llama2.c's export.py, and its logits by transformers.

    python models/src/test/python/make_llama2c_fixtures.py     # needs torch, transformers; tests need only the files

Ran with torch 2.13.0, transformers 5.18.0.
"""

import json
import pathlib
import struct

import torch

# Models need none of torchvision's own operators, whose natives may be built for another torch.
torch.library.register_fake = lambda *_, **__: lambda function: function

import transformers

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "llama2c"
IDS = [1, 5, 9, 3, 30, 22, 11, 8]


def plain(t):
    return t.contiguous().numpy().astype("<f4").tobytes()


def neighbours(w, heads):
    """From Hugging Face's order of rotary pairs to Meta's."""
    return w.reshape(heads, 2, w.shape[0] // heads // 2, w.shape[1]).transpose(1, 2).reshape(w.shape)


def groups(w, size):
    parts = w.reshape(-1, size)
    scale = parts.abs().amax(1) / 127
    q = torch.round(parts / scale[:, None])
    return q.to(torch.int8), scale, (q * scale[:, None]).reshape(w.shape)


def write(name, version, shared, size=16):
    torch.manual_seed(version + 3)
    config = transformers.LlamaConfig(vocab_size=40, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
                                      num_key_value_heads=2, max_position_embeddings=24, rms_norm_eps=1e-5, initializer_range=0.3,
                                      tie_word_embeddings=shared, rope_parameters={"rope_type": "default", "rope_theta": 10000.0})
    model = transformers.LlamaForCausalLM(config).eval()
    for n, p in model.named_parameters():
        if "norm" in n:
            torch.nn.init.normal_(p, 1, 0.2)
    state = {n: t.detach().clone() for n, t in model.state_dict().items()}
    layers = lambda part: [f"model.layers.{i}.{part}.weight" for i in range(2)]
    attention = [n for p in ("q_proj", "k_proj", "v_proj", "o_proj") for n in layers("self_attn." + p)]
    dense = [n for p in ("gate_proj", "down_proj", "up_proj") for n in layers("mlp." + p)]
    before, behind = layers("input_layernorm"), layers("post_attention_layernorm")
    head = [] if shared else ["lm_head.weight"]
    sizes = [32, 48, 2, 4, 2, 40, 24]
    stored = {n: neighbours(t, 4 if "q_proj" in n else 2) if "q_proj" in n or "k_proj" in n else t for n, t in state.items()}
    if version == 0:
        out = struct.pack("<7i", *(sizes[:5] + [40 if shared else -40, 24]))
        order = ["model.embed_tokens.weight"] + before + attention + behind + dense + ["model.norm.weight"]
        out += b"".join(plain(stored[n]) for n in order) + bytes(4 * 24 * 8) + b"".join(plain(stored[n]) for n in head)
    else:
        out = struct.pack("<Ii7iB", 0x616B3432, version, *sizes, int(shared)) + (struct.pack("<i", size) if version == 2 else b"")
        out += bytes(256 - len(out)) + b"".join(plain(stored[n]) for n in before + behind + ["model.norm.weight"])
        for n in ["model.embed_tokens.weight"] + attention + dense + head:
            if version == 1:
                out += plain(stored[n])
                continue
            q, scale, back = groups(stored[n], size)
            out += q.numpy().tobytes() + plain(scale)
            heads = 4 if "q_proj" in n else 2
            if "q_proj" in n or "k_proj" in n:
                back = back.reshape(heads, back.shape[0] // heads // 2, 2, back.shape[1]).transpose(1, 2).reshape(back.shape)
            state[n] = back
    if shared:
        state["lm_head.weight"] = state["model.embed_tokens.weight"]
    model.load_state_dict(state)
    logits = model(torch.tensor([IDS])).logits[0, -1]
    (OUT / f"{name}.bin").write_bytes(out)
    (OUT / f"{name}.json").write_text(json.dumps({"ids": IDS, "logits": [float(f"{v:.8g}") for v in logits.tolist()]}) + "\n")


OUT.mkdir(parents=True, exist_ok=True)
write("version0", 0, False)
write("version1", 1, True)
write("version2", 2, False)
