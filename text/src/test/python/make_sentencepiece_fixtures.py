"""Small models of SentencePiece and the ids that its own library gives, for SentencePieceTest. Ran with sentencepiece 0.2.2.

The models are trained on sentences that this script writes. Of the vocabulary of Llama 2 and of Multi30K (../shared/data, not part of the repository) only
hashes and counts of ids are kept.
"""
import gzip
import hashlib
import io
import json
import pathlib
import random

import sentencepiece as spm

out = pathlib.Path(__file__).parent.parent / "resources" / "fixtures" / "sentencepiece"
out.mkdir(parents=True, exist_ok=True)
shared = pathlib.Path(__file__).resolve().parents[4].parent / "shared" / "data"
draw = random.Random(4)
words = {
    "en": "the a old young man woman dog house street runs sings walks over under near with red green quickly slowly and but because it was".split(),
    "de": "der die das alte junge Mann Frau Hündin Häuser Straße läuft singt geht über unter bei mit rot grün schnell und aber weil es schön".split(),
    "fr": "le la les vieil homme femme chien maison rue court chante marche sur sous près avec rouge vert vite et mais parce qu'il était élève".split(),
    "el": "ο η το γέρος νέος άνδρας γυναίκα σκύλος σπίτι δρόμος τρέχει τραγουδά πάνω κάτω κοντά κόκκινο πράσινο και αλλά".split(),
    "ru": "старый молодой человек женщина собака дом улица бежит поёт идёт над под рядом красный зелёный быстро и но потому".split(),
    "ja": "犬が 走る 家の 近くで 歌う 女の人 赤い 緑の 古い 通りを 歩く 速く そして しかし".split(),
}
lines = []
for language, of in words.items():
    for _ in range(400):
        glue = "" if language == "ja" else " "
        line = glue.join(draw.choice(of) for _ in range(draw.randint(3, 12)))
        lines.append(line[0].upper() + line[1:] + draw.choice([".", "!", "?", ", 42.", " (1999)", "..."]))
draw.shuffle(lines)

texts = lines[:120] + [
    "", " ", "   ", "a", " a", "a ", "  two  blanks  ", "tab\tand\nline", "\u3000wide blank\u3000", "ｆｕｌｌｗｉｄｔｈ ＡＢＣ１２３", "½ ² ﬁ ﬃ ① ㍿ ㌔ Å",
    "e\u0301le\u0300ve", "한국어 텍스트", "שלום עולם", "مرحبا بالعالم", "👩‍👩‍👧 🎉🎉 x", "a\u200bb\ufeffc", "\u2581 a\u2581b", "<s> </s> <unk> <0x41>", "[A] x[A][B]y [B]",
    "\u0000nul", "\x01\x7f", "ΑΒΓ άέή", "ЁЖ ёж", "naïve café", "co\u00adoperate", "\u2028line\u2029", "1,234.56 €", "http://x.y/z?a=b&c=d", "aaaaaaaaaaaaaaaaaaaaa",
    "\U0001d400\U0001d401", "\ue000\uf8ff", "ﷺ", "\u1100\u1161\u11a8", "İstanbul ẞ ß", "x" * 300, "走る走る走る家の犬がQ", "\u0300\u0301", "a\u00a0b\u2003c\u205fd",
]
common = dict(sentence_iterator=None, vocab_size=420, hard_vocab_limit=False, character_coverage=0.995, num_threads=1, minloglevel=2)
kinds = {
    "unigram": dict(model_type="unigram"),
    "unigram_bytes": dict(model_type="unigram", normalization_rule_name="identity", byte_fallback=True, vocab_size=700, user_defined_symbols=["[A]", "[B]", "[A][B]"]),
    "unigram_plain": dict(model_type="unigram", normalization_rule_name="identity", remove_extra_whitespaces=False, add_dummy_prefix=False),
    "unigram_folded": dict(model_type="unigram", normalization_rule_name="nmt_nfkc_cf", treat_whitespace_as_suffix=True),
    "bpe": dict(model_type="bpe", normalization_rule_name="identity", user_defined_symbols=["[A]", "[B]"]),
    "bpe_bytes": dict(model_type="bpe", byte_fallback=True, vocab_size=700, normalization_rule_name="identity", remove_extra_whitespaces=False),
}
made = {}
for name, options in kinds.items():
    model = io.BytesIO()
    spm.SentencePieceTrainer.train(**{**common, **options, "sentence_iterator": iter(lines), "model_writer": model})
    (out / f"{name}.model").write_bytes(model.getvalue())
    processor = spm.SentencePieceProcessor(model_proto=model.getvalue())
    ids = [processor.encode(text) for text in texts]
    made[name] = {"size": processor.vocab_size(), "ids": ids, "texts": [processor.decode(i) for i in ids],
                  "cut": [processor.decode(i[1::2]) for i in ids]}
json.dump({"texts": texts, "models": made}, open(out / "expected.json", "w"))

llama = spm.SentencePieceProcessor(model_file=str(shared / "tokenizers" / "llama2-sentencepiece" / "tokenizer.model"))
real = {"size": llama.vocab_size(), "ids": [llama.encode(text) for text in texts], "files": {}}
for language in ("en", "de", "fr"):
    for part in ("val", "test_2016_flickr"):
        digest, count, lines_read = hashlib.sha256(), 0, 0
        file = shared / "multi30k" / f"{part}.{language}.gz"
        for line in gzip.open(file, "rt", encoding="utf-8", newline="\n"):
            ids = llama.encode(line.rstrip("\n"))
            digest.update(" ".join(map(str, ids)).encode() + b"\n")
            count += len(ids)
            lines_read += 1
        real["files"][file.name] = {"lines": lines_read, "tokens": count, "sha256": digest.hexdigest()}
json.dump(real, open(out / "llama2.json", "w"))
