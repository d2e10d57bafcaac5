"""How fast Python's tokenizers and tiktoken encode: one JSON line for each library, vocabulary, text and number of threads.

usage: tokenizer_speed.py prepare DATA TEXTS
       tokenizer_speed.py DATA TEXTS REPEATS

DATA is the directory of shared data; prepare writes TEXTS/NAME.json, a list of texts each: the speeches of tiny Shakespeare, and 3,000 messages
of 20 newsgroups. A line of the second form says megabytes of UTF-8 a second (the median of
REPEATS passes over all texts, behind one that does not count), the same of REPEATS first passes, each by a new tokenizer that remembers no
words yet, the number of ids, and a checksum of them with the number of each text: whoever has another one has other ids.
"""

import json
import os
import statistics
import sys
import tarfile
import time
import zlib
from array import array
from pathlib import Path

THREADS = (1, 2)
MESSAGES = 3000
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def checksum(all_ids):
    """CRC-32 over each text's number of ids and its ids, as 32-bit little-endian integers."""
    crc = 0
    for ids in all_ids:
        values = array("i", [len(ids), *ids])
        if sys.byteorder == "big":
            values.byteswap()
        crc = zlib.crc32(values.tobytes(), crc)
    return crc


def seconds(encode, tokenizer):
    start = time.perf_counter()
    encode(tokenizer)
    return time.perf_counter() - start


def report(side, vocabulary, name, threads, texts, repeats, tokenizer, make, encode):
    """tokenizer is one that make gives; encode takes one to the ids of all texts."""
    megabytes = sum(len(text.encode("utf-8")) for text in texts) / 1e6
    ids = [getattr(each, "ids", each) for each in encode(tokenizer)]
    again = [seconds(encode, tokenizer) for _ in range(repeats)]
    first = [seconds(encode, make()) for _ in range(repeats)]
    line = {
        "side": side,
        "vocabulary": vocabulary,
        "text": name,
        "threads": threads,
        "mb_per_s": round(megabytes / statistics.median(again), 3),
        "first_mb_per_s": round(megabytes / statistics.median(first), 3),
        "ids": sum(len(each) for each in ids),
        "crc32": checksum(ids),
    }
    print(json.dumps(line), flush=True)


def with_threads(threads):
    """The threads of encode_batch (Rayon's are as many as its first use finds)."""
    os.environ["TOKENIZERS_PARALLELISM"] = "true" if threads > 1 else "false"
    os.environ["RAYON_NUM_THREADS"] = str(max(THREADS))


def huggingface(data, texts, repeats):
    with_threads(1)
    from tokenizers import BertWordPieceTokenizer, ByteLevelBPETokenizer, Regex, Tokenizer, models, pre_tokenizers

    def gpt2():
        return ByteLevelBPETokenizer(str(data / "gpt2/encoder.json"), str(data / "gpt2/vocab.bpe"))

    def bert():
        return BertWordPieceTokenizer(str(data / "bert-base-uncased/bert-base-uncased.txt"), lowercase=True)

    pieces, merges = merged(ranks(data))

    def llama():
        made = Tokenizer(models.BPE(vocab=pieces, merges=merges, ignore_merges=True))
        made.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(LLAMA3), behavior="isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )
        return made

    for vocabulary, make in (("gpt2", gpt2), ("bert", bert), ("llama3", llama)):
        tokenizer = make()
        for name, all_texts in texts.items():
            for threads in THREADS:
                with_threads(threads)

                def encode(made, batched=all_texts):
                    # The fast call leaves out places of tokens, which nobody asked for; the classes of one model each do not pass it on.
                    whole = getattr(made, "_tokenizer", made)
                    batch = getattr(whole, "encode_batch_fast", None) or whole.encode_batch
                    return batch(batched, add_special_tokens=False)

                report("tokenizers", vocabulary, name, threads, all_texts, repeats, tokenizer, make, encode)


def tiktoken_side(data, texts, repeats):
    import tiktoken
    from tiktoken.load import data_gym_to_mergeable_bpe_ranks

    gpt2_ranks = data_gym_to_mergeable_bpe_ranks(
        vocab_bpe_file=str(data / "gpt2/vocab.bpe"), encoder_json_file=str(data / "gpt2/encoder.json")
    )
    llama_ranks = ranks(data)

    def gpt2():
        return tiktoken.Encoding(
            "gpt2",
            pat_str=r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s",
            mergeable_ranks=gpt2_ranks,
            special_tokens={"<|endoftext|>": 50256},
        )

    def llama():
        return tiktoken.Encoding("llama3", pat_str=LLAMA3, mergeable_ranks=llama_ranks, special_tokens={})

    for vocabulary, make in (("gpt2", gpt2), ("llama3", llama)):
        tokenizer = make()
        for name, all_texts in texts.items():
            for threads in THREADS:

                def encode(made, batched=all_texts, several=threads):
                    if several == 1:
                        return [made.encode_ordinary(text) for text in batched]
                    return made.encode_ordinary_batch(batched, num_threads=several)

                report("tiktoken", vocabulary, name, threads, all_texts, repeats, tokenizer, make, encode)


def ranks(data):
    import base64

    found = {}
    for line in (data / "llama3/tokenizer.model").read_bytes().splitlines():
        if line:
            token, rank = line.split()
            found[base64.b64decode(token)] = int(rank)
    return found


def merged(ranks_of):
    """What tokenizers want of tiktoken's ranks: letters for bytes, and the two parts that give each token, by rank."""
    letters = byte_letters()
    written = {token: "".join(letters[b] for b in token) for token in ranks_of}
    vocabulary = {written[token]: rank for token, rank in ranks_of.items()}
    merges = []
    for token in sorted(ranks_of, key=ranks_of.get):
        pairs = [(token[:i], token[i:]) for i in range(1, len(token))]
        pairs = [(a, b) for a, b in pairs if a in ranks_of and b in ranks_of]
        pairs.sort(key=lambda pair: (ranks_of[pair[0]], ranks_of[pair[1]]))
        merges.extend((ranks_of[token], a, b) for a, b in pairs)
    merges.sort(key=lambda merge: merge[0])
    return vocabulary, [(written[a], written[b]) for _, a, b in merges]


def byte_letters():
    plain = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    letters = {b: chr(b) for b in plain}
    others = 0
    for b in range(256):
        if b not in letters:
            letters[b] = chr(256 + others)
            others += 1
    return letters


def prepare(data, directory):
    play = (data / "tinyshakespeare/input.txt").read_text(encoding="utf-8")
    messages = []
    with tarfile.open(data / "20newsgroups/20news-bydate.tar.gz") as archive:
        files = sorted((member for member in archive.getmembers() if member.isfile()), key=lambda member: member.name)
        for member in files[:: max(1, len(files) // MESSAGES)][:MESSAGES]:
            messages.append(archive.extractfile(member).read().decode("latin-1"))
    directory.mkdir(parents=True, exist_ok=True)
    for name, texts in (("shakespeare", play.split("\n\n")), ("20newsgroups", messages)):
        (directory / f"{name}.json").write_text(json.dumps(texts), encoding="utf-8")


def main(data, directory, repeats):
    if data == "prepare":
        prepare(Path(directory), Path(repeats))
        return
    texts = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(Path(directory).glob("*.json"))}
    for side, run in (("tokenizers", huggingface), ("tiktoken", tiktoken_side)):
        try:
            __import__(side)
        except ImportError:
            print(json.dumps({"side": side, "skipped": f"no {side} in {sys.executable}"}), flush=True)
            continue
        run(Path(data) / "tokenizers", texts, int(repeats))


if __name__ == "__main__":
    main(*sys.argv[1:])
