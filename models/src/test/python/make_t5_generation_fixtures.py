"""Answers of transformers' generate of the T5 models of make_encoder_fixtures.py: greedy and by beams.

    python models/src/test/python/make_t5_generation_fixtures.py     # needs torch, transformers; tests need only the file

hf/t5_generation.json: for each model the source and, for each setting, the tokens behind the one that the decoder starts with, and the
score of beam search. Written with torch 2.13.0, transformers 5.18.0.
"""

import json
from pathlib import Path

import torch

torch.library.register_fake = lambda *_, **__: lambda function: function

import transformers.models.t5 as t5

HF = Path(__file__).resolve().parents[1] / "resources" / "hf"
SOURCES = [[5, 9, 17, 4, 30, 1], [12, 12, 7, 39, 1], [8, 1], [20, 21, 22, 23, 24, 25, 26, 27, 28, 1]]


def main():
    found = []
    for name in ("t5", "t5_gated"):
        model = t5.T5ForConditionalGeneration.from_pretrained(HF / name).eval()
        for source in SOURCES:
            ids = torch.tensor([source])
            for beams in (1, 3):
                for length_penalty in ((1.0,) if beams == 1 else (1.0, 0.5)):
                    out = model.generate(
                        ids, max_new_tokens=12, num_beams=beams, do_sample=False, eos_token_id=1, pad_token_id=0,
                        decoder_start_token_id=0, return_dict_in_generate=True, output_scores=True, use_cache=False,
                        **({"length_penalty": length_penalty} if beams > 1 else {}))
                    entry = {"model": name, "source": source, "num_beams": beams, "length_penalty": length_penalty,
                             "tokens": out.sequences[0, 1:].tolist()}
                    if beams > 1:
                        entry["score"] = out.sequences_scores[0].item()
                    found.append(entry)
    (HF / "t5_generation.json").write_text(json.dumps(found, indent=1) + "\n")
    for entry in found:
        print(entry)


if __name__ == "__main__":
    main()
