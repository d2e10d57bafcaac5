"""Writes what transformers' generate answers to sources, for the small random T5 models of make_encoder_fixtures.py.

    python models/src/test/python/make_source_fixtures.py     # needs torch, transformers; tests need only the files

generation/sources.json: for each model and configuration the tokens of each answer (the end included, without the token that the decoder begins
with) and, of beam search, the scores. Ran with torch 2.13.0, transformers 5.18.0.
"""

import json
import pathlib

import torch

# Models need none of torchvision's own operators, whose natives may be built for another torch.
torch.library.register_fake = lambda *_, **__: lambda function: function

from transformers import GenerationConfig, T5ForConditionalGeneration

HERE = pathlib.Path(__file__).resolve().parent.parent / "resources"
# Tokens that these models do say.
ENDS = {"t5": [9, 36, 35], "t5_gated": [1, 12, 25]}


def configs(ends):
    # Without a cache: that of the library has as many layers as the encoder, and these decoders have more.
    plain = dict(max_new_tokens=12, do_sample=False, use_cache=False)
    yield dict(plain, eos_token_id=[39])
    yield dict(plain, eos_token_id=ends)
    yield dict(plain, eos_token_id=ends, min_new_tokens=5, repetition_penalty=1.4)
    for beams in (2, 5):
        for early in (False, True, "never"):
            for length in (1.0, 0.0, 2.5):
                yield dict(plain, num_beams=beams, early_stopping=early, length_penalty=length, eos_token_id=ends,
                           num_return_sequences=beams)


def main():
    sources = [[5, 1], [3, 9, 4, 22, 30, 1], [17, 1], list(range(20, 38)) + [1], [8, 8, 8, 8, 1]]
    models = {}
    for name in ("t5", "t5_gated"):
        model = T5ForConditionalGeneration.from_pretrained(HERE / "hf" / name).eval()
        cases = []
        ended = 0
        for config in configs(ENDS[name]):
            answers = []
            for source in sources:
                asked = GenerationConfig(**config, pad_token_id=0, decoder_start_token_id=0, return_dict_in_generate=True,
                                         output_scores=True)
                out = model.generate(torch.tensor([source]), attention_mask=torch.ones(1, len(source), dtype=torch.long),
                                     generation_config=asked)
                rows = []
                for row in out.sequences.tolist():
                    tokens = row[1:]
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
        models[name] = cases
    fixture = {"sources": sources, "models": models}
    (HERE / "generation" / "sources.json").write_text(json.dumps(fixture, separators=(",", ":")) + "\n")


main()
