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


def main():
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
