"""Writes what transformers' generate and its logits processors answer, for two small random models.

    python models/src/test/python/make_generation_fixtures.py     # needs torch, transformers; tests need only the files

generation/MODEL.safetensors: the model as save_pretrained writes it. generation/MODEL.json: prompts, and for each configuration the tokens
behind each prompt (the end included) and, of beam search, the scores. generation/processors.json (in core): logits, and what each processor leaves of them.
Ran with torch 2.13.0, transformers 5.18.0.
"""

import json
import pathlib
import shutil
import tempfile

import torch

# Models need none of torchvision's own operators, whose natives may be built for another torch.
torch.library.register_fake = lambda *_, **__: lambda function: function

import transformers
from transformers import GenerationConfig
from transformers.generation import logits_process as lp

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "generation"
VOCABULARY = 61
PAD = 0
ENDS = [7, 19, 33]


def configs():
    plain = dict(max_new_tokens=14, do_sample=False)
    yield dict(plain)
    yield dict(plain, eos_token_id=ENDS)
    yield dict(plain, eos_token_id=ENDS, min_new_tokens=6)
    yield dict(plain, repetition_penalty=1.4)
    yield dict(plain, no_repeat_ngram_size=2)
    yield dict(plain, no_repeat_ngram_size=1, repetition_penalty=0.8)
    for beams in (2, 4):
        for early in (False, True, "never"):
            for length in (1.0, 0.0, 2.5, -1.0):
                yield dict(plain, num_beams=beams, early_stopping=early, length_penalty=length, eos_token_id=ENDS,
                           num_return_sequences=beams)
    yield dict(plain, num_beams=3, num_return_sequences=3)
    yield dict(plain, num_beams=3, repetition_penalty=1.3, no_repeat_ngram_size=3, min_new_tokens=4, eos_token_id=ENDS)


def write(name, model):
    model.eval()
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        shutil.copy(pathlib.Path(folder) / "model.safetensors", OUT / f"{name}.safetensors")
    prompts = [[5], [1, 2, 3, 4, 5, 6], [60, 30, 15, 7, 3], [11, 11, 11], list(range(20, 40))]
    cases = []
    ended = 0
    for config in configs():
        answers = []
        for prompt in prompts:
            asked = GenerationConfig(**config, pad_token_id=PAD, return_dict_in_generate=True, output_scores=True)
            out = model.generate(torch.tensor([prompt]), attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
                                 generation_config=asked)
            rows = []
            for row in out.sequences.tolist():
                tokens = row[len(prompt):]
                for i, token in enumerate(tokens):
                    if token in config.get("eos_token_id", []):
                        tokens = tokens[: i + 1]
                        ended += 1
                        break
                rows.append(tokens)
            scores = out.sequences_scores.tolist() if config.get("num_beams", 1) > 1 else None
            answers.append({"tokens": rows, "scores": scores})
        cases.append({"config": config, "answers": answers})
    print(name, "answers that ended:", ended, "of", sum(len(a["tokens"]) for c in cases for a in c["answers"]))
    fixture = {"prompts": prompts, "cases": cases}
    (OUT / f"{name}.json").write_text(json.dumps(fixture, separators=(",", ":")) + "\n")


def processors():
    generator = torch.Generator().manual_seed(5)
    ids = torch.tensor([[3, 9, 4, 3, 9, 12, 3, 9]])
    cases = []
    for scale in (0.5, 2.0, 6.0):
        logits = torch.randn(1, 40, generator=generator) * scale
        for options in (dict(top_k=1), dict(top_k=7), dict(top_k=100), dict(top_p=0.3), dict(top_p=0.9), dict(min_p=0.05), dict(min_p=0.4),
                        dict(typical_p=0.2), dict(typical_p=0.9), dict(repetition_penalty=1.5), dict(repetition_penalty=0.7),
                        dict(no_repeat_ngram_size=3), dict(no_repeat_ngram_size=1), dict(temperature=0.3), dict(temperature=1.7),
                        dict(repetition_penalty=1.2, temperature=0.8, top_k=12, top_p=0.85, min_p=0.02, typical_p=0.95)):
            steps = lp.LogitsProcessorList()
            if "repetition_penalty" in options:
                steps.append(lp.RepetitionPenaltyLogitsProcessor(options["repetition_penalty"]))
            if "no_repeat_ngram_size" in options:
                steps.append(lp.NoRepeatNGramLogitsProcessor(options["no_repeat_ngram_size"]))
            for key, kind in (("temperature", lp.TemperatureLogitsWarper), ("top_k", lp.TopKLogitsWarper), ("top_p", lp.TopPLogitsWarper),
                              ("min_p", lp.MinPLogitsWarper), ("typical_p", lp.TypicalLogitsWarper)):
                if key in options:
                    steps.append(kind(options[key]))
            left = steps(ids, logits.clone()).softmax(-1)
            cases.append({"ids": ids[0].tolist(), "logits": logits[0].tolist(), "options": options, "probabilities": left[0].tolist()})
    core = OUT.parents[4] / "core/src/test/resources/generation"
    (core / "processors.json").write_text(json.dumps({"cases": cases}, separators=(",", ":")) + "\n")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(11)
    write("gpt2", transformers.GPT2LMHeadModel(transformers.GPT2Config(
        vocab_size=VOCABULARY, n_positions=40, n_embd=24, n_layer=2, n_head=4, initializer_range=0.35,
        bos_token_id=None, eos_token_id=None)))
    torch.manual_seed(12)
    write("llama", transformers.LlamaForCausalLM(transformers.LlamaConfig(
        vocab_size=VOCABULARY, hidden_size=24, intermediate_size=32, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        max_position_embeddings=40, initializer_range=0.35, rms_norm_eps=1e-5, bos_token_id=None, eos_token_id=None,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0})))
    processors()


main()
