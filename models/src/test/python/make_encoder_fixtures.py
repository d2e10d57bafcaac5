"""Writes small random models of BERT, RoBERTa and T5 as transformers saves them, with what they compute.

    python models/src/test/python/make_encoder_fixtures.py     # needs torch, transformers, safetensors; tests need only the files

hf/NAME/config.json, model.safetensors: as save_pretrained writes them, with values that are larger than first ones are.
hf/NAME/expected.safetensors: inputs (row 1 is shorter where there is a mask), "plain.logits" without masks, "masked.logits" with
them, and "plain.grad.*", "masked.grad.*": gradients of sum(logits * wave), over real steps alone where masked.
Written with torch 2.13.0, transformers 5.18.0.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoModel  # noqa: F401
import transformers.models.bert as bert
import transformers.models.roberta as roberta
import transformers.models.t5 as t5

OUT = Path(__file__).resolve().parents[1] / "resources" / "hf"
VOCAB = 40


def wave(shape, phase):
    n = int(torch.Size(shape).numel())
    return torch.sin(1 + 0.37 * torch.arange(n, dtype=torch.float64) + phase).float().reshape(shape)


def ids(n, steps, low=4):
    return torch.tensor([[low + (7 * i * i + 11 * j + 3 * i * j) % (VOCAB - low) for j in range(steps)] for i in range(n)])


def fill(model, seed):
    generator = torch.Generator().manual_seed(seed)
    done = set()
    for name, p in list(model.named_parameters()) + [(n, b) for n, b in model.named_buffers() if n.endswith("final_logits_bias")]:
        if p.data_ptr() in done or "embed_positions" in name and not p.requires_grad:
            continue
        done.add(p.data_ptr())
        values = torch.randn(p.shape, generator=generator)
        norm = p.dim() == 1 and ("norm" in name.lower()) and name.endswith("weight")
        scale = 0.1 if p.dim() == 1 else 0.5 if "embed" in name or "shared" in name or "relative" in name else 1.2 / p.shape[1] ** 0.5
        p.data.copy_(values * scale + (1 if norm else 0))
        if getattr(p, "_is_padding", False):
            raise AssertionError


def run(model, head, inputs, masks, weights):
    model.eval()
    found = {}
    for kind, given in (("plain", {}), ("masked", masks)):
        model.zero_grad()
        logits = head(model(**inputs, **given))
        found[f"{kind}.logits"] = logits.detach()
        loss = logits * wave(logits.shape, 7)
        if given and weights is not None:
            loss = loss * weights.reshape(weights.shape + (1,) * (loss.dim() - weights.dim()))
        loss.sum().backward()
        for name, p in model.named_parameters():
            if p.requires_grad and p.grad is not None:
                found[f"{kind}.grad.{name}"] = p.grad
    return found


def write(name, model, head, inputs, masks, weights=None, untie=None):
    torch.manual_seed(1)
    fill(model, sum(map(ord, name)))
    model.float()
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    found = run(model, head, inputs, masks, weights)
    tensors = {k: v.contiguous().clone() for k, v in {**inputs, **masks, **found}.items()}
    save_file(tensors, folder / "expected.safetensors")
    (folder / "generation_config.json").unlink(missing_ok=True)
    size = sum(f.stat().st_size for f in folder.iterdir())
    print(name, size, json.loads((folder / "config.json").read_text())["architectures"])


def main():
    small = dict(vocab_size=VOCAB, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=24,
                 max_position_embeddings=20, hidden_dropout_prob=0.1)
    inputs = {"input_ids": ids(2, 9), "token_type_ids": torch.tensor([[0] * 4 + [1] * 5, [0] * 3 + [1] * 6])}
    mask = torch.tensor([[1] * 9, [1] * 6 + [0] * 3])
    masks = {"attention_mask": mask}
    logits = lambda o: o.logits
    write("bert_mlm", bert.BertForMaskedLM(bert.BertConfig(**small)), logits, inputs, masks, mask)
    write("bert_classes", bert.BertForSequenceClassification(bert.BertConfig(**small, num_labels=3)), logits, inputs, masks)
    write("bert_tokens", bert.BertForTokenClassification(bert.BertConfig(**small, num_labels=5, hidden_act="gelu_new")),
          logits, inputs, masks, mask)

    def mean(o):
        h = o.last_hidden_state
        m = (mask if h.size(1) == mask.size(1) and mean.masked else torch.ones_like(mask)).float().unsqueeze(-1)
        return (h * m).sum(1) / m.sum(1)

    model = bert.BertModel(bert.BertConfig(**small))
    fill(model, 5)
    folder = OUT / "bert_sentences"
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    mean.masked = False
    found = {k: v for k, v in run(model, mean, inputs, {}, None).items() if k.startswith("plain")}
    mean.masked = True
    model.zero_grad()
    found["masked.logits"] = mean(model(**inputs, **masks)).detach()
    save_file({k: v.contiguous().clone() for k, v in {**inputs, **masks, **found}.items()}, folder / "expected.safetensors")

    small["max_position_embeddings"] = 22
    small["layer_norm_eps"] = 1e-5
    robert = dict(small, type_vocab_size=1)
    # Padding is id 1, from which RoBERTa tells positions.
    tokens = ids(2, 9)
    padded = torch.where(mask == 1, tokens, 1)
    one = {"input_ids": padded}
    write("roberta_mlm", roberta.RobertaForMaskedLM(roberta.RobertaConfig(**robert)), logits, one, masks, mask)
    write("roberta_classes", roberta.RobertaForSequenceClassification(roberta.RobertaConfig(**robert, num_labels=3)), logits, one,
          masks)
    write("roberta_tokens", roberta.RobertaForTokenClassification(roberta.RobertaConfig(**robert, num_labels=5)), logits, one,
          masks, mask)

    both = {"input_ids": ids(2, 9), "decoder_input_ids": ids(2, 7)}
    decoder_mask = torch.tensor([[1] * 7, [1] * 5 + [0] * 2])
    masks = {"attention_mask": mask, "decoder_attention_mask": decoder_mask}
    config = dict(vocab_size=VOCAB, d_model=16, d_kv=6, d_ff=24, num_layers=2, num_heads=4, relative_attention_num_buckets=8,
                  relative_attention_max_distance=6)
    write("t5", t5.T5ForConditionalGeneration(t5.T5Config(**config, num_decoder_layers=3)), logits, both, masks, decoder_mask)
    gated = t5.T5ForConditionalGeneration(t5.T5Config(**config, feed_forward_proj="gated-gelu", tie_word_embeddings=False))
    gated.lm_head.weight = torch.nn.Parameter(gated.lm_head.weight.detach().clone())
    gated.config.tie_word_embeddings = False
    write("t5_gated", gated, logits, both, masks, decoder_mask)


if __name__ == "__main__":
    sys.exit(main())
