"""Ids of documents and preference pairs as transformers and trl have them, by tokenizers whose post_processor puts marks around a text.

    python make_marked_document_fixtures.py ../resources/fixtures/marks

run_clm.py and run_mlm.py (transformers' examples) call tokenizer(text) for each document; trl's DPOTrainer (1.x, tokenize_fn) calls it for the prompt and for the
prompt with each answer, to which eos_token is added where it does not end with it.
"""

import json
import pathlib
import sys

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
TEXTS = ["the cat sat", "on the mat", "a"]
PAIRS = [["the cat", " sat", " on the mat"], ["on", " the mat", " a</s>"]]


def llama():
    letters = "abcdefghijklmnopqrstuvwxyzĠ"
    made = Tokenizer(models.BPE(vocab={c: i for i, c in enumerate(letters)} | {"Ġt": 27, "he": 28}, merges=[("Ġ", "t"), ("h", "e")]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens(["<s>", "</s>"])
    made.post_processor = processors.TemplateProcessing("<s> $A", "<s> $A <s> $B", [("<s>", made.token_to_id("<s>"))])
    return made, {"bos_token": "<s>", "eos_token": "</s>"}


def bert():
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "sat", "on", "mat", "a"]
    made = Tokenizer(models.WordPiece(vocab={w: i for i, w in enumerate(words)}, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.add_special_tokens(words[:5])
    made.post_processor = processors.TemplateProcessing(
        "[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", [("[CLS]", 2), ("[SEP]", 3)]
    )
    return made, {"cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]", "unk_token": "[UNK]", "mask_token": "[MASK]"}


expected = {"texts": TEXTS, "pairs": PAIRS}
for name, (made, marks) in {"llama": llama(), "bert": bert()}.items():
    made.save(str(out / f"{name}.json"))
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=made, **marks)
    expected[name] = [tokenizer(text)["input_ids"] for text in TEXTS]
    if name == "llama":
        rows = []
        for prompt, *answers in PAIRS:
            answers = [a if a.endswith(tokenizer.eos_token) else a + tokenizer.eos_token for a in answers]
            before = tokenizer(prompt)["input_ids"]
            rows.append({"prompt": before, "answers": [tokenizer(prompt + a)["input_ids"][len(before) :] for a in answers]})
        expected["trl"] = rows
(out / "expected.json").write_text(json.dumps(expected, ensure_ascii=False) + "\n")
