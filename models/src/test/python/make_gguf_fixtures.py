"""Writes small GGUF files by Python's gguf, and what transformers, sentencepiece and tokenizers make of the same models.

    PYTHONPATH=... python models/src/test/python/make_gguf_fixtures.py     # needs gguf, torch, transformers, sentencepiece; tests need only the files

gguf/blocks.gguf: a tensor of each type, blocks of random bits; blocks.json: their values by gguf.quants.dequantize.
gguf/MODEL.gguf: a small random model with its tokenizer, named and permuted as llama.cpp's convert_hf_to_gguf.py does; MODEL.json: logits of some ids, and
the ids of some texts.
Ran with gguf 0.19.0, torch 2.13.0, transformers 5.18.0, sentencepiece 0.2.1, tokenizers 0.22.
"""

import io
import json
import pathlib

import gguf
import numpy as np
import sentencepiece
import tokenizers
import torch

# Models need none of torchvision's own operators, whose natives may be built for another torch.
torch.library.register_fake = lambda *_, **__: lambda function: function

import transformers

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "gguf"
Q = gguf.GGMLQuantizationType
TEXT = ("The ship sailed over the sea in 1984, and the sailors sang. It's late, they'll say; we've seen 12345 ships.\n"
        "Die Möwe flog über das Meer — 海は広い.\n" * 3)
TEXTS = ["The ship sailed", " over  the sea,\n\n it's 1984!", "Möwe 海 12345 \U0001f6a2", "they'll\tsay <s> no", ""]


def blocks():
    generator = np.random.default_rng(3)
    writer = gguf.GGUFWriter(OUT / "blocks.gguf", "test")
    values = {}
    for name, kind, halves in (("q8_0", Q.Q8_0, [0]), ("q4_0", Q.Q4_0, [0]), ("q4_k", Q.Q4_K, [0, 2]), ("q6_k", Q.Q6_K, [208])):
        size, width = gguf.GGML_QUANT_SIZES[kind]
        each = 512 // size
        data = generator.integers(0, 256, (3, each, width), dtype=np.uint8)
        for at in halves:
            scale = generator.normal(0, 0.02, (3, each)).astype(np.float16)
            data[:, :, at:at + 2] = scale.view(np.uint8).reshape(3, each, 2)
        data = data.reshape(3, each * width)
        writer.add_tensor(name, data, raw_dtype=kind)
        values[name] = gguf.quants.dequantize(data, kind)
    plain = generator.normal(0, 1, (3, 5)).astype(np.float32)
    writer.add_tensor("f32", plain)
    writer.add_tensor("f16", plain.astype(np.float16))
    writer.add_tensor("bf16", gguf.quants.quantize(plain, Q.BF16), raw_dtype=Q.BF16)
    values |= {"f32": plain, "f16": plain.astype(np.float16).astype(np.float32),
               "bf16": gguf.quants.dequantize(gguf.quants.quantize(plain, Q.BF16), Q.BF16)}
    finish(writer)
    told = {n: {"shape": v.shape, "values": [float(f"{x:.9g}") for x in v.flatten().tolist()]} for n, v in values.items()}
    (OUT / "blocks.json").write_text(json.dumps(told, separators=(",", ":")) + "\n")


def finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def permuted(w, heads):
    """convert_hf_to_gguf.py, LlamaModel.permute."""
    return w.reshape(heads, 2, w.shape[0] // heads // 2, *w.shape[1:]).swapaxes(1, 2).reshape(w.shape)


LLAMA = {"input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
         "self_attn.o_proj": "attn_output", "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm",
         "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down"}
GPT2 = {"ln_1": "attn_norm", "attn.c_attn": "attn_qkv", "attn.c_proj": "attn_output", "ln_2": "ffn_norm", "mlp.c_fc": "ffn_up",
        "mlp.c_proj": "ffn_down"}
NAMES = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight", "lm_head.weight": "output.weight",
         "transformer.wte.weight": "token_embd.weight", "transformer.wpe.weight": "position_embd.weight",
         "transformer.ln_f.weight": "output_norm.weight", "transformer.ln_f.bias": "output_norm.bias"}


def sizes(writer, config, gpt2):
    if gpt2:
        writer.add_context_length(config.n_positions)
        writer.add_embedding_length(config.n_embd)
        writer.add_feed_forward_length(4 * config.n_embd)
        writer.add_block_count(config.n_layer)
        writer.add_head_count(config.n_head)
        writer.add_layer_norm_eps(config.layer_norm_epsilon)
        return
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    if getattr(config, "head_dim", None):
        writer.add_key_length(config.head_dim)
        writer.add_value_length(config.head_dim)


def write(name, architecture, model, tokenizer, kinds=lambda name: Q.F32):
    config = model.config
    gpt2 = architecture == "gpt2"
    writer = gguf.GGUFWriter(OUT / f"{name}.gguf", architecture)
    sizes(writer, config, gpt2)
    encode = tokenizer(writer) if tokenizer else None
    state = {n: t.detach().clone() for n, t in model.state_dict().items()}
    for key, tensor in state.items():
        value = tensor.numpy()
        if key == "lm_head.weight" and (gpt2 or config.tie_word_embeddings):
            continue
        if gpt2 and key.endswith(("c_attn.weight", "c_proj.weight", "c_fc.weight")):
            value = value.T
        parts = key.split(".")
        public = NAMES.get(key)
        if public is None:
            middle = ".".join(parts[3:-1])
            public = f"blk.{parts[2]}.{(GPT2 if gpt2 else LLAMA)[middle]}.{parts[-1]}"
        if architecture == "llama" and ".attn_q." in public:
            value = permuted(value, config.num_attention_heads)
        if architecture == "llama" and ".attn_k." in public:
            value = permuted(value, config.num_key_value_heads)
        kind = kinds(public) if value.ndim == 2 else Q.F32
        value = np.ascontiguousarray(value)
        data = value if kind == Q.F32 else gguf.quants.quantize(value, kind)
        writer.add_tensor(public, data, raw_dtype=None if kind == Q.F32 else kind)
        if kind != Q.F32:
            back = torch.from_numpy(gguf.quants.dequantize(data, kind).astype(np.float32)).reshape(value.shape)
            if architecture == "llama" and (".attn_q." in public or ".attn_k." in public):
                raise SystemExit("expected no quantized rotary tensors here")
            state[key] = back
    finish(writer)
    model.load_state_dict(state)
    if config.tie_word_embeddings:
        model.tie_weights()
    model.eval()
    ids = [(7 * i) % config.vocab_size for i in range(12)]
    logits = model(torch.tensor([ids])).logits[0, -1]
    told = {"ids": ids, "logits": [float(f"{v:.8g}") for v in logits.tolist()],
            "texts": [{"text": t, "ids": encode(t)} for t in TEXTS] if encode else []}
    (OUT / f"{name}.json").write_text(json.dumps(told, separators=(",", ":")) + "\n")


def sentence_piece(vocabulary):
    made = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXT.split("\n") * 4), model_writer=made, vocab_size=vocabulary, model_type="bpe", byte_fallback=True,
        normalization_rule_name="identity", remove_extra_whitespaces=False, character_coverage=0.98, minloglevel=2)
    own = sentencepiece.SentencePieceProcessor(model_proto=made.getvalue())

    def add(writer):
        count = own.vocab_size()
        writer.add_tokenizer_model("llama")
        writer.add_token_list([own.id_to_piece(i) for i in range(count)])
        writer.add_token_scores([own.get_score(i) for i in range(count)])
        writer.add_token_types([6 if own.is_byte(i) else 2 if own.is_unknown(i) else 3 if own.is_control(i) else 1 for i in range(count)])
        writer.add_bos_token_id(own.bos_id())
        writer.add_eos_token_id(own.eos_id())
        return own.encode

    return add


def byte_level(pre, vocabulary):
    own = tokenizers.Tokenizer(tokenizers.models.BPE())
    split = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    if pre == "qwen2":
        from transformers.models.qwen2.tokenization_qwen2 import PRETOKENIZE_REGEX

        split = tokenizers.pre_tokenizers.Sequence([
            tokenizers.pre_tokenizers.Split(tokenizers.Regex(PRETOKENIZE_REGEX), "isolated"),
            tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    own.pre_tokenizer = split
    own.train_from_iterator(TEXT.split("\n") * 4, tokenizers.trainers.BpeTrainer(
        vocab_size=vocabulary, special_tokens=["<|endoftext|>"], initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False))

    def add(writer):
        told = json.loads(own.to_str())
        vocab = told["model"]["vocab"]
        tokens = sorted(vocab, key=vocab.get)
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre(pre)
        writer.add_token_list(tokens)
        writer.add_token_types([3 if t == "<|endoftext|>" else 1 for t in tokens])
        writer.add_token_merges([" ".join(m) for m in told["model"]["merges"]])
        writer.add_eos_token_id(vocab["<|endoftext|>"])
        writer.add_bos_token_id(vocab["<|endoftext|>"])
        return lambda text: own.encode(text).ids

    return add


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    blocks()
    torch.manual_seed(1)
    small = dict(hidden_size=32, intermediate_size=32, num_hidden_layers=1, num_attention_heads=4, num_key_value_heads=2,
                 max_position_embeddings=64, rms_norm_eps=1e-5, initializer_range=0.3,
                 rope_parameters={"rope_type": "default", "rope_theta": 5000.0})
    quantized = lambda name: Q.Q8_0 if name.startswith("blk.0.ffn") else Q.Q4_0 if name.startswith("output.") else Q.F32
    write("llama", "llama", transformers.LlamaForCausalLM(transformers.LlamaConfig(vocab_size=330, **small)),
          sentence_piece(330), quantized)
    qwen2 = transformers.Qwen2ForCausalLM(transformers.Qwen2Config(vocab_size=300, tie_word_embeddings=True, **small))
    for n, p in qwen2.named_parameters():
        if n.endswith("bias"):
            torch.nn.init.normal_(p, 0, 0.3)
    write("qwen2", "qwen2", qwen2, byte_level("qwen2", 290), lambda name: Q.F16 if "ffn" in name else Q.F32)
    qwen3 = transformers.Qwen3ForCausalLM(transformers.Qwen3Config(vocab_size=60, head_dim=12, tie_word_embeddings=True, **small))
    for n, p in qwen3.named_parameters():
        if "norm" in n:
            torch.nn.init.normal_(p, 1, 0.2)
    write("qwen3", "qwen3", qwen3, None, lambda name: Q.BF16 if "ffn_up" in name else Q.F32)
    write("gpt2", "gpt2", transformers.GPT2LMHeadModel(transformers.GPT2Config(
        vocab_size=300, n_positions=32, n_embd=24, n_layer=2, n_head=4, initializer_range=0.3)), byte_level("gpt-2", 300))


main()
