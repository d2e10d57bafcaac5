"""What Hugging Face's tokenizers learn: merges, vocabularies and ids that Jumbo's must equal.

python make_tokenizer_fixtures.py SHARED-DATA OUT    (ran with Python 3.11, tokenizers 0.23.2)
"""

import hashlib
import json
import random
import sys
import tempfile
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|%s| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")

TEXT = """The cat isn't on the mat, THE CAT'S on 12345 mats; we've 3 of them\u2026
\tDer Käfer über dem Fluß – ¡qué niño! «élan»\r
  indented    text   \n\n\nthe end 12 345 67890.  \n
日本語のテキスト。中文字符 한국어 텍스트 🙂🙂👍🏽 e\u0301 ﬁne
a-b a_b a.b a/b http://x.y/z?q=1&r=2 \u00a0nbsp\u3000wide 'tis 'Twas I'LL we'Re don\u2019t
aaaaaaaa abababab aaaa aaaabbbb bbbb
"""


def sha(lines):
    return hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()


def words(name):
    level = lambda regex: pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=regex)
    if name in ("LLAMA3", "QWEN2"):
        pattern = Regex(LLAMA3 % (r"\p{N}{1,3}" if name == "LLAMA3" else r"\p{N}"))
        return pre_tokenizers.Sequence([pre_tokenizers.Split(pattern, "isolated"), level(False)])
    if name == "SMOLLM":
        return pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), level(True)])
    return level(name == "GPT2")


def bpe(file, size, name="GPT2", least=0, longest=None, special=("<|endoftext|>",)):
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = words(name)
    t.decoder = decoders.ByteLevel()
    t.train([str(file)], trainers.BpeTrainer(
        vocab_size=size, min_frequency=least, special_tokens=list(special), max_token_length=longest,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    saved = json.loads(t.to_str())["model"]
    merges = [" ".join(pair) for pair in saved["merges"]]
    vocabulary = [token for token, _ in sorted(saved["vocab"].items(), key=lambda e: e[1])]
    return t, merges, vocabulary


def main(shared, out):
    out.mkdir(parents=True, exist_ok=True)
    result = {"text": TEXT}
    with tempfile.TemporaryDirectory() as temp:
        file = Path(temp) / "text.txt"
        file.write_bytes(TEXT.encode())
        cases = []
        for name in ("GPT2", "LLAMA3", "QWEN2", "SMOLLM", "NONE"):
            for size, least, longest in ((330, 0, None), (400, 2, None), (360, 0, 5)):
                t, merges, vocabulary = bpe(file, size, name, least, longest)
                cases.append({"words": name, "size": size, "min_frequency": least, "longest": longest or 0,
                              "merges": merges, "vocabulary": sha(vocabulary), "ids": t.encode(TEXT).ids})
        result["cases"] = cases
        # Few letters and long words: pairs that come about in several ways, and ties.
        draw = random.Random(7)
        knots = []
        for letters in ("ab", "abc", "abcd"):
            for _ in range(12):
                text = " ".join("".join(draw.choice(letters) for _ in range(draw.randint(1, 30))) for _ in range(30))
                file.write_text(text)
                _, merges, vocabulary = bpe(file, 257 + draw.randint(5, 80), special=())
                knots.append({"text": text, "size": len(vocabulary), "merges": sha(merges), "count": len(merges)})
        result["knots"] = knots
    play = shared / "tinyshakespeare" / "input.txt"
    result["shakespeare"] = []
    for size, name in ((1000, "GPT2"), (8000, "GPT2"), (2000, "LLAMA3")):
        t, merges, vocabulary = bpe(play, size, name)
        result["shakespeare"].append({
            "words": name, "size": size, "merges": sha(merges), "count": len(merges), "vocabulary": sha(vocabulary),
            "first": merges[:20], "last": merges[-5:],
            "ids": sha(str(i) for i in t.encode(play.read_text()).ids)})
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer()
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.train([str(play)], trainers.WordPieceTrainer(
        vocab_size=2000, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False))
    result["wordpiece"] = sorted(t.get_vocab())
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.NFKC()
    t.pre_tokenizer = pre_tokenizers.Metaspace()
    t.train([str(play)], trainers.UnigramTrainer(
        vocab_size=2000, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False))
    result["unigram_tokens"] = len(t.encode(play.read_text()).ids)
    (out / "trained.json").write_text(json.dumps(result, indent=1) + "\n")


def places(out):
    """Places, marks, truncation and padding of a small WordPiece tokenizer, with those of its templates."""
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer()
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.decoder = decoders.WordPiece()
    with tempfile.TemporaryDirectory() as temp:
        file = Path(temp) / "text.txt"
        file.write_bytes(TEXT.encode())
        t.train([str(file)], trainers.WordPieceTrainer(
            vocab_size=300, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False))
    templates = {
        "bert": processors.TemplateProcessing(
            single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1",
            special_tokens=[("[CLS]", t.token_to_id("[CLS]")), ("[SEP]", t.token_to_id("[SEP]"))]),
        "bert_processing": processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2)),
        "roberta": processors.RobertaProcessing(("[SEP]", 3), ("[CLS]", 2)),
    }
    texts = ["The cat's on the Käfer 🙂 日本語!", "a", "", "\tniño  [MASK] THE [SEP] e\u0301lan", "the end 12 345 67890"]
    cases = []
    plain = t.to_str()
    for name, template in templates.items():
        t = Tokenizer.from_str(plain)
        t.post_processor = template
        saved = t.to_str()
        for first, second in [(x, None) for x in texts] + [(texts[0], texts[4]), (texts[4], texts[0]), ("a", texts[3])]:
            for most, strategy, side in [(0, "longest_first", "right"), (8, "longest_first", "right"),
                                         (9, "longest_first", "left"), (12, "only_first", "right"), (14, "only_second", "left")]:
                if second is None and strategy == "only_second":
                    continue
                t = Tokenizer.from_str(saved)
                if most:
                    t.enable_truncation(most, strategy=strategy, direction=side)
                try:
                    e = t.encode(first, second)
                except Exception as error:
                    cases.append({"template": name, "texts": [first, second], "most": most, "strategy": strategy,
                                  "side": side, "error": str(error)})
                    continue
                cases.append({
                    "template": name, "texts": [first, second], "most": most, "strategy": strategy, "side": side,
                    "ids": e.ids, "types": e.type_ids, "tokens": e.tokens, "mask": e.special_tokens_mask,
                    "offsets": [n for pair in e.offsets for n in pair]})
    t = Tokenizer.from_str(saved)
    t.enable_padding(pad_id=0, pad_token="[PAD]", pad_to_multiple_of=8)
    batch = t.encode_batch(texts)
    padded = {"ids": [e.ids for e in batch], "mask": [e.attention_mask for e in batch]}
    files = {}
    for name, template in templates.items():
        t.post_processor = template
        t.no_padding()
        files[name] = json.loads(t.to_str())
    (out / "places.json").write_text(json.dumps(
        {"files": files, "texts": texts, "cases": cases, "padded": padded}, separators=(",", ":")) + "\n")


main(Path(sys.argv[1]), Path(sys.argv[2]))
places(Path(sys.argv[2]))
