"""Figures of lm-eval 0.4.13 on a small random GPT-2 and on documents that were invented: python make_harness_fixtures.py

Writes ../resources/evaluate: the directory of the model, the documents (JSON lines), the task files, and results.json. The tasks are those of
src/main/resources (dev/jumbo/models/evaluate/tasks), to which each task file adds its documents; lm-eval reads the same text.
Versions: lm_eval 0.4.13, transformers 5.18, torch 2.13, datasets 5.0.1.
"""

import json
import math
import random
import shutil
import tempfile
from pathlib import Path

import torch
import yaml
from lm_eval import evaluator
from lm_eval.models.huggingface import HFLM
from lm_eval.tasks import TaskManager
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

HERE = Path(__file__).parent
OUT = HERE.parent / "resources/evaluate"
TASKS = HERE.parent.parent / "main/resources/dev/jumbo/models/evaluate/tasks"
random.seed(11)

THINGS = "stone river bread lamp wheel basket candle mirror ladder kettle hammer blanket".split()
PLACES = "kitchen garden attic cellar workshop market harbor forest".split()
NAMES = "Ada Bruno Clara Dario Edda Felix".split()
VERBS = "carries paints repairs hides sells washes lifts opens".split()


def sentence():
    return f"{random.choice(NAMES)} {random.choice(VERBS)} the {random.choice(THINGS)} in the {random.choice(PLACES)}."


def text(n):
    return " ".join(sentence() for _ in range(n))


def hellaswag(i):
    return {"activity_label": f"Making a {random.choice(THINGS)}", "ctx_a": "[header] How to begin [title] " + sentence(),
            "ctx_b": "then [substeps]  " + random.choice(["she", "he", "the " + random.choice(THINGS)]),
            "endings": [random.choice(VERBS) + f" the {random.choice(THINGS)}" + (" [step] slowly." if j == 2 else ".") for j in range(4)],
            "label": str(random.randrange(4))}


def arc(i):
    n = 4 if i % 3 else 3
    labels = list("ABCD" if i % 2 else "1234")[:n]
    return {"question": f"Where is the {random.choice(THINGS)}?", "answerKey": random.choice(labels),
            "choices": {"text": [f"in the {p}" for p in random.sample(PLACES, n)], "label": labels}}


def piqa(i):
    a, b = random.sample(VERBS, 2)
    return {"goal": f"Move a {random.choice(THINGS)}'s \"{random.choice(PLACES)}\" part", "sol1": f"{a} it\twith \\ care",
            "sol2": f"it's {b} by \"hand\"", "label": random.randrange(2)}


def winogrande(i):
    a, b = random.sample(THINGS, 2)
    return {"sentence": f"{random.choice(NAMES)} moved the {a} to the {b} because the _ was in the {random.choice(PLACES)}.",
            "option1": a, "option2": b, "answer": str(random.randrange(2) + 1)}


def lambada(i):
    return {"text": text(random.randint(1, 12)).rstrip(".")}


def gsm(i):
    a = random.randint(2, 5)
    return {"question": f"{random.choice(NAMES)} has {a} {random.choice(THINGS)}s. How many?", "answer": f"It is {a}.\n#### {a}"}


def boolq(i):
    return {"passage": text(2), "question": f"is the {random.choice(THINGS)} in the {random.choice(PLACES)}", "label": random.randrange(2)}


def page(i):
    return {"text": text([1, 30, 7, 60][i % 4]) + ("\n\n  Ünïcode – 日本語\n" if i % 2 else "")}


DOCS = {"hellaswag": hellaswag, "arc_easy": arc, "piqa": piqa, "winogrande": winogrande, "lambada_openai": lambada, "gsm8k": gsm,
        "boolq": boolq, "perplexity": page}
COUNTS = {"perplexity": (0, 5), "lambada_openai": (0, 14), "gsm8k": (12, 10)}
# What each task file says beside its documents.
MORE = {"arc_easy": {"num_fewshot": 2}, "piqa": {"num_fewshot": 3}, "boolq": {"num_fewshot": 1, "fewshot_config": {"sampler": "first_n"}},
        "gsm8k": {"num_fewshot": 2, "generation_kwargs": {"until": ["Question:", "\n\n"], "do_sample": False, "max_gen_toks": 16}},
        "hellaswag": {"description": "Endings.\n\n"}}


def documents():
    (OUT / "documents").mkdir(parents=True, exist_ok=True)
    for task, make in DOCS.items():
        spec = yaml.safe_load((TASKS / f"{task}.yaml").read_text())
        measured = spec.get("test_split") or spec["validation_split"]
        train, count = COUNTS.get(task, (7, 12))
        files = {measured: f"documents/{task}.jsonl"}
        write(files[measured], [make(i) for i in range(count)])
        if train:
            files["train"] = f"documents/{task}-train.jsonl"
            write(files["train"], [make(i) for i in range(train)])
        own = {"include": task, "dataset_path": "json", "dataset_kwargs": {"data_files": files}, **MORE.get(task, {})}
        (OUT / f"{task}.yaml").write_text(yaml.safe_dump(own, sort_keys=False))


def write(name, docs):
    (OUT / name).write_text("".join(json.dumps(doc, ensure_ascii=False) + "\n" for doc in docs))


def model(directory):
    corpus = [line for file in sorted((OUT / "documents").glob("*.jsonl")) for line in file.read_text().splitlines()]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=420, special_tokens=["<|endoftext|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(corpus, trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<|endoftext|>", eos_token="<|endoftext|>")
    fast.save_pretrained(directory)
    torch.manual_seed(5)
    config = GPT2Config(vocab_size=420, n_positions=96, n_embd=24, n_layer=2, n_head=3, initializer_range=0.25, bos_token_id=0,
                        eos_token_id=0, attn_pdrop=0.0, embd_pdrop=0.0, resid_pdrop=0.0)
    network = GPT2LMHeadModel(config)
    ids = torch.tensor(tokenizer.encode("\n".join(corpus)).ids)
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3)
    for step in range(700):  # a little, so that answers differ from noise and some are right
        at = torch.randint(0, len(ids) - 65, (8,))
        batch = torch.stack([ids[i:i + 64] for i in at])
        loss = network(batch, labels=batch).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print("loss", float(loss))
    network.eval().save_pretrained(directory)


def tasks(folder):
    """What the harness reads: the task with its documents, whole."""
    for task in DOCS:
        own = yaml.safe_load((OUT / f"{task}.yaml").read_text())
        spec = yaml.safe_load((TASKS / f"{task}.yaml").read_text())
        own.pop("include")
        files = own["dataset_kwargs"]["data_files"]
        own["dataset_kwargs"]["data_files"] = {split: str(OUT / name) for split, name in files.items()}
        spec.update(own)
        (folder / f"{task}.yaml").write_text(yaml.safe_dump(spec, sort_keys=False))


def strides(network, tokenizer, words, max_length, stride):
    """The loop of Hugging Face's documentation (its figure as documented), and the mean over every token that it scores."""
    ids = torch.tensor([tokenizer.encode(words)])
    sums = documented = 0.0
    count = tokens = previous = 0
    for begin in range(0, ids.size(1), stride):
        end = min(begin + max_length, ids.size(1))
        target_length = end - previous
        inputs = ids[:, begin:end]
        targets = inputs.clone()
        targets[:, :-target_length] = -100
        with torch.no_grad():
            loss = network(inputs, labels=targets).loss.double().item()
        scored = int((targets[:, 1:] != -100).sum())
        sums += loss * scored
        count += scored
        weight = int((targets != -100).sum()) - 1
        documented += loss * weight
        tokens += weight
        previous = end
        if end == ids.size(1):
            break
    return {"max_length": max_length, "stride": stride, "perplexity": math.exp(sums / count), "tokens": count,
            "documented": math.exp(documented / tokens)}


if __name__ == "__main__":
    shutil.rmtree(OUT, ignore_errors=True)
    documents()
    directory = OUT / "model"
    model(directory)
    results = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        tasks(folder)
        lm = HFLM(pretrained=str(directory), tokenizer=str(directory), device="cpu", dtype="float32", batch_size=1)
        manager = TaskManager(include_path=str(folder), include_defaults=False)
        got = evaluator.simple_evaluate(lm, tasks=list(DOCS), task_manager=manager, bootstrap_iters=1000, log_samples=True, random_seed=0,
                                        numpy_random_seed=1234, torch_random_seed=1234, fewshot_random_seed=1234)
        for task in DOCS:
            figures = {k: v for k, v in got["results"][task].items() if isinstance(v, (int, float)) and k != "sample_len"}
            samples = [{"prompt": s["arguments"]["gen_args_0"]["arg_0"] if isinstance(s["arguments"], dict) else s["arguments"][0][0],
                        "responses": s["resps"], "filter": s["filter"]} for s in got["samples"][task]]
            results[task] = {"figures": figures, "samples": samples}
    network = GPT2LMHeadModel.from_pretrained(directory)
    words = (OUT / "documents/perplexity.jsonl").read_text()
    pages = [json.loads(line)["text"] for line in words.splitlines()]
    tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))

    class Encoded:
        @staticmethod
        def encode(words):
            return tokenizer.encode(words).ids

    results["strides"] = {"text": pages[1], "figures": [strides(network, Encoded, pages[1], *p) for p in [(96, 96), (96, 32), (40, 7), (64, 64)]]}
    draws = []
    for seed in [0, 1, 1234, 2 ** 31 + 5, 2 ** 40 + 7]:
        r = random.Random(seed)
        draws.append({"seed": seed, "bits": [r.getrandbits(32) for _ in range(5)],
                      "samples": [[n, k, r.sample(range(n), k)] for n, k in [(5, 3), (21, 5), (22, 5), (1000, 6), (85, 6), (90, 20), (3, 3)]]})
    results["random"] = draws
    (OUT / "results.json").write_text(json.dumps(results, ensure_ascii=True, indent=1) + "\n")
    for file in sorted(OUT.rglob("*")):
        if file.is_file():
            print(file.relative_to(OUT), file.stat().st_size)
    print({task: results[task]["figures"] for task in DOCS})
