"""Writes what torchvision's and transformers' public models are named, shaped and compute, for the models of the same name.

    python models/src/test/python/make_public_fixtures.py     # needs torch, torchvision, transformers; tests need only the files

names/MODEL.txt: a line for each tensor of the state dict, "name shape", of the model in its public size (on the meta device:
nothing is allocated).
values/MODEL.json: a small model (ResNet: the whole one on small images) whose values come from a formula that Java repeats, see
fill: outputs in evaluation, in bf16 where given, with a mask where given, and of each parameter's gradient of
sum(output * weights) the sum, the norm and the first values.
Ran with torch 2.13.0, torchvision 0.28.0, transformers 5.18.0.
"""

import json
import pathlib

import torch
import transformers

# Models need none of torchvision's own operators, whose natives may be built for another torch.
torch.library.register_fake = lambda *_, **__: lambda function: function

from torchvision import models as vision
from torchvision.models.vision_transformer import VisionTransformer

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "public"


def wave(shape, phase):
    """sin(1 + 0.37 i + phase) of the position i in the flat tensor."""
    count = torch.Size(shape).numel()
    return torch.sin(1 + 0.37 * torch.arange(count, dtype=torch.float64) + phase).float().reshape(shape)


def fill(model):
    """Weights wave / sqrt(fan in), scales and variances 1 + wave / 10, other vectors wave / 10; the phase is the name's letters' sum."""
    with torch.no_grad():
        tied = set(model.state_dict()) - {n for n, _ in model.named_parameters()} - {n for n, _ in model.named_buffers()}
        for name, p in model.state_dict().items():
            if name.endswith("num_batches_tracked") or name in tied:
                continue
            values = wave(p.shape, sum(map(ord, name)) % 1000)
            if p.dim() == 1 and name.endswith(("weight", "running_var")):
                p.copy_(1 + values / 10)
            elif p.dim() == 1:
                p.copy_(values / 10)
            else:
                # Not Conv1D's own sizes: GPT-2 keeps its weights transposed, which Java does not.
                transposed = name.endswith(("c_attn.weight", "c_proj.weight", "c_fc.weight"))
                fan = p.numel() // p.shape[1 if transposed else 0]
                flat = values.reshape(p.shape[::-1]).t() if transposed else values
                p.copy_(flat * fan**-0.5)


def rounded(t):
    return [float(f"{v:.9g}") for v in t.detach().float().flatten().tolist()]


def told(t):
    return {"shape": list(t.shape), "values": rounded(t)}


def gradient(name, g):
    transposed = name.endswith(("c_attn.weight", "c_proj.weight", "c_fc.weight"))
    g = (g.t() if transposed else g).double()
    return {"sum": g.sum().item(), "norm": g.norm().item(), "first": rounded(g.flatten()[:4])}


def logits(output):
    return output.logits if hasattr(output, "logits") else output


def write(name, model, x, mask=None, bf16=True):
    fill(model)
    model.eval()
    options = {} if mask is None else {"attention_mask": mask.long()}
    y = logits(model(x))
    (y * wave(y.shape, 7)).sum().backward()
    fixture = {
        "inputs": x.flatten().tolist() if not x.is_floating_point() else None,
        "shape": list(x.shape),
        "outputs": told(y),
        "gradients": {n: gradient(n, p.grad) for n, p in model.named_parameters()},
    }
    if mask is not None:
        fixture["mask"] = mask.long().flatten().tolist()
        fixture["masked"] = told(logits(model(x, **options)))
    if bf16:
        # Frequencies of rotary positions stay in fp32, as where a model is loaded in bf16.
        exact = {n: b.clone() for n, b in model.named_buffers() if n.endswith("inv_freq")}
        model = model.bfloat16()
        for n, b in exact.items():
            model.get_submodule(n.rpartition(".")[0]).inv_freq = b
        fixture["bf16"] = told(logits(model(x.bfloat16() if x.is_floating_point() else x)))
    (OUT / "values").mkdir(parents=True, exist_ok=True)
    (OUT / "values" / f"{name}.json").write_text(json.dumps(fixture, separators=(",", ":")) + "\n")


def names(name, make):
    with torch.device("meta"):
        model = make()
    trained = sum(p.numel() for p in model.parameters())
    lines = [f"{n} {list(t.shape)}" for n, t in model.state_dict().items() if not n.endswith("num_batches_tracked")]
    (OUT / "names").mkdir(parents=True, exist_ok=True)
    (OUT / "names" / f"{name}.txt").write_text("\n".join(lines) + "\n")
    print(name, trained)


def ids(batch, steps, vocabulary):
    return (torch.arange(batch * steps) * 7 % vocabulary).reshape(batch, steps)


def main():
    eager = {"attn_implementation": "eager"}
    llama = lambda **o: transformers.LlamaForCausalLM(transformers.LlamaConfig(**eager, **o))
    gpt2 = lambda **o: transformers.GPT2LMHeadModel(transformers.GPT2Config(**eager, **o))
    llama8b = dict(vocab_size=128256, hidden_size=4096, intermediate_size=14336, num_hidden_layers=32,
                   num_attention_heads=32, num_key_value_heads=8, rms_norm_eps=1e-5, max_position_embeddings=8192)
    names("resnet50", vision.resnet50)
    names("vit_b_16", vision.vit_b_16)
    names("gpt2", gpt2)
    names("llama3_8b", lambda: llama(**llama8b))

    write("resnet50", vision.resnet50(), wave((2, 3, 64, 64), 3), bf16=False)
    vit = VisionTransformer(image_size=32, patch_size=8, num_layers=2, num_heads=4, hidden_dim=32, mlp_dim=48, num_classes=5)
    write("vit", vit, wave((2, 3, 32, 32), 3))
    mask = torch.tensor([[1] * 12, [1] * 7 + [0] * 5]).bool()
    write("gpt2", gpt2(vocab_size=50, n_positions=16, n_embd=32, n_layer=2, n_head=4), ids(2, 12, 50), mask)
    small = dict(vocab_size=50, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
                 num_key_value_heads=2, rms_norm_eps=1e-5, max_position_embeddings=64)
    write("llama", llama(**small, rope_parameters={"rope_type": "default", "rope_theta": 500000.0}), ids(2, 12, 50), mask)
    scaled = {"rope_type": "llama3", "rope_theta": 10000.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
              "original_max_position_embeddings": 16}
    write("llama_scaled", llama(**small, rope_parameters=scaled), ids(2, 12, 50))
    biased = dict(small, attention_bias=True, mlp_bias=True, head_dim=16)
    write("llama_biases", llama(**biased, tie_word_embeddings=True,
                                rope_parameters={"rope_type": "default", "rope_theta": 10000.0}), ids(2, 12, 50))
    qwen = transformers.Qwen3ForCausalLM(transformers.Qwen3Config(
        **eager, **small, head_dim=8, rope_parameters={"rope_type": "default", "rope_theta": 10000.0}))
    write("qwen3", qwen, ids(2, 12, 50))


if __name__ == "__main__":
    main()
