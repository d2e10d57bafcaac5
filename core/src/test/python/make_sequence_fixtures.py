"""Writes PyTorch's numbers for the layers over sequences, in the form of make_layer_fixtures.py.

    python core/src/test/python/make_sequence_fixtures.py        # needs torch; tests need only the files
"""

import torch
from torch import nn

from make_layer_fixtures import write

SEQUENCE = (3, 5, 8)  # batch, steps, features


class Recurrent(nn.Module):
    """The whole sequence, or what each direction knows at its end, under PyTorch's own parameter names."""

    def __init__(self, kind, units, sequences=False, **options):
        super().__init__()
        self.inner = [kind(SEQUENCE[-1], units, batch_first=True, **options)]
        self.sequences = sequences
        for name, parameter in self.inner[0].named_parameters():
            self.register_parameter(name, parameter)

    def forward(self, x):
        inner = self.inner[0]
        y, state = inner(x)
        if self.sequences:
            return y
        h = state[0] if isinstance(state, tuple) else state  # [layers * directions, N, units]
        return torch.cat(list(h[-2:]), 1) if inner.bidirectional else h[-1]


class SelfAttention(nn.Module):
    def __init__(self, heads, causal, bias=True):
        super().__init__()
        inner = nn.MultiheadAttention(SEQUENCE[-1], heads, bias=bias, batch_first=True)
        self.inner = [inner]
        self.causal = causal
        self.in_proj_weight, self.in_proj_bias, self.out_proj = inner.in_proj_weight, inner.in_proj_bias, inner.out_proj

    def forward(self, x):
        steps = x.shape[1]
        mask = torch.ones(steps, steps, dtype=torch.bool).triu(1) if self.causal else None
        return self.inner[0](x, x, x, attn_mask=mask, need_weights=False)[0]


class Block(nn.TransformerEncoderLayer):
    def __init__(self, causal, norm_first, activation):
        super().__init__(
            SEQUENCE[-1], 2, 20, dropout=0.0, activation=activation, batch_first=True, norm_first=norm_first
        )
        self.causal = causal

    def forward(self, x):
        mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1]) if self.causal else None
        return super().forward(x, src_mask=mask)


class Positions(nn.Module):
    def __init__(self, length):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(length, SEQUENCE[-1]))

    def forward(self, x):
        return x + self.weight[: x.shape[1]]


class GatedMlp(nn.Module):
    def __init__(self, width, units):
        super().__init__()
        self.gate_proj = nn.Linear(width, units, bias=False)
        self.up_proj = nn.Linear(width, units, bias=False)
        self.down_proj = nn.Linear(units, width, bias=False)

    def forward(self, x):
        return self.down_proj(nn.functional.silu(self.gate_proj(x)) * self.up_proj(x))


class GroupedQuery(nn.Module):
    """Heads of 2 values that share keys and values by twos; positions as in Hugging Face's LlamaAttention."""

    def __init__(self, width, heads=4, groups=2, theta=10000.0):
        super().__init__()
        self.heads, self.groups, self.d, self.theta = heads, groups, width // heads, theta
        self.q_proj = nn.Linear(width, heads * self.d, bias=False)
        self.k_proj = nn.Linear(width, groups * self.d, bias=False)
        self.v_proj = nn.Linear(width, groups * self.d, bias=False)
        self.o_proj = nn.Linear(heads * self.d, width, bias=False)

    def turned(self, x):
        half = self.d // 2
        angles = torch.arange(x.shape[2]).float()[:, None] * self.theta ** (-torch.arange(half).float() / half)
        cos, sin = torch.cat([angles.cos()] * 2, -1), torch.cat([angles.sin()] * 2, -1)
        return x * cos + torch.cat([-x[..., half:], x[..., :half]], -1) * sin

    def forward(self, x):
        split = lambda y, n: y.view(*y.shape[:2], n, self.d).transpose(1, 2)
        q, k = self.turned(split(self.q_proj(x), self.heads)), self.turned(split(self.k_proj(x), self.groups))
        v = split(self.v_proj(x), self.groups)
        repeat = lambda y: y.repeat_interleave(self.heads // self.groups, 1)
        y = nn.functional.scaled_dot_product_attention(q, repeat(k), repeat(v), is_causal=True)
        return self.o_proj(y.transpose(1, 2).reshape(*x.shape[:2], -1))


class LlamaBlock(nn.Module):
    def __init__(self, width, units):
        super().__init__()
        self.input_layernorm = nn.RMSNorm(width, eps=1e-5)
        self.self_attn = GroupedQuery(width)
        self.post_attention_layernorm = nn.RMSNorm(width, eps=1e-5)
        self.mlp = GatedMlp(width, units)

    def forward(self, x):
        y = x + self.self_attn(self.input_layernorm(x))
        return y + self.mlp(self.post_attention_layernorm(y))


class ClassToken(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(1, 1, width))

    def forward(self, x):
        return torch.cat([self.weight.expand(x.shape[0], 1, -1), x], 1)


class Patches(nn.Conv2d):
    def forward(self, x):
        return super().forward(x).flatten(2).transpose(1, 2)


def main():
    write("gated_mlp", GatedMlp(8, 12), SEQUENCE)
    write("grouped_query_attention", GroupedQuery(8), SEQUENCE)
    write("llama_block", LlamaBlock(8, 12), (2, 3, 8))
    write("class_token", ClassToken(8), SEQUENCE)
    write("patch_embedding", Patches(3, 6, 2, stride=2), (2, 3, 4, 6))
    for name, kind in {"lstm": nn.LSTM, "gru": nn.GRU}.items():
        write(name, Recurrent(kind, 6), SEQUENCE)
        write(f"{name}_sequences", Recurrent(kind, 6, sequences=True), SEQUENCE)
        write(f"{name}_bidirectional", Recurrent(kind, 6, bidirectional=True), SEQUENCE)
        write(f"{name}_deep", Recurrent(kind, 4, sequences=True, bidirectional=True, num_layers=2), SEQUENCE)
    write("attention", SelfAttention(2, False), SEQUENCE)
    write("attention_causal", SelfAttention(4, True), SEQUENCE)
    write("attention_without_bias", SelfAttention(1, False, bias=False), SEQUENCE)
    write("transformer_block", Block(False, True, "gelu"), SEQUENCE)
    write("transformer_block_causal", Block(True, True, "gelu"), SEQUENCE)
    write("transformer_block_norm_last", Block(False, False, "relu"), SEQUENCE)
    write("positional_embedding", Positions(7), SEQUENCE)
    write("layer_norm", nn.LayerNorm(8), SEQUENCE)
    write("layer_norm_features", nn.LayerNorm(5, eps=1e-3), (4, 5))
    write("rms_norm", nn.RMSNorm(8, eps=1e-6), SEQUENCE)


if __name__ == "__main__":
    main()
