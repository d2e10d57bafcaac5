package dev.jumbo.nn.layers.sequence;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.Dense;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;

/**
 * Attention, then two dense layers at each step, both with a normalisation and around both a residual connection (Vaswani
 * et al., 2017, section 3.1). {@code [T, D]} stays {@code [T, D]}. Parameters as PyTorch's {@code TransformerEncoderLayer}:
 * {@code self_attn.*}, {@code linear1.*}, {@code linear2.*}, {@code norm1.*}, {@code norm2.*}.
 *
 * <p>With {@code causal} it is a block of a decoder such as GPT's, without it one of an encoder such as BERT's.
 *
 * @param heads of the attention; divides D
 * @param units outputs of the first dense layer, usually 4 D
 * @param causal whether a step sees only itself and those before it
 * @param dropout of attention weights, between the dense layers, and of what the residual connections add, in training
 * @param activation between the dense layers
 * @param normFirst whether the normalisation comes before attention and dense layers, where training is stable without
 *     warm-up (Xiong et al., 2020); if not, after the residual sum as in the first paper
 */
@Kind("transformer_block")
public record TransformerBlock(
        @Doc("Number of heads; divides the features.") int heads,
        @Doc("Outputs of the first dense layer.") int units,

        @Doc("Whether a step sees only itself and those before it.") @Default("false")
        boolean causal,

        @Doc("Dropout rate, in training.") @Default("0.0") double dropout,
        @Doc("Between the dense layers.") @Default("gelu") Activation activation,

        @Doc("Whether normalisation comes first.") @Default("true")
        boolean normFirst)
        implements Layer {
    public TransformerBlock {
        if (heads < 1 || units < 1 || !(dropout >= 0 && dropout < 1)) {
            throw new InputException("transformer_block: expected 1 or more heads and units and a dropout from 0 to"
                    + " below 1, received " + heads + ", " + units + " and " + dropout);
        }
    }

    @Override
    public Shape outputShape(Shape input) {
        try {
            return attention().outputShape(input);
        } catch (ShapeException e) {
            throw e.within("self_attn");
        }
    }

    @Override
    public long flops(Shape input) {
        Shape inside = input.with(-1, units);
        return attention().flops(input)
                + 2 * norm().flops(input)
                + Dense.of(units, activation).flops(input)
                + Dense.of((int) input.size(-1), Activation.LINEAR).flops(inside);
    }

    @Override
    public Network build(Shape input, Parameters into) {
        Dense up = Dense.of(units, activation);
        Dense down = Dense.of((int) input.size(-1), Activation.LINEAR);
        Block block = new Block(
                attention().build(input, into.child("self_attn")),
                up.build(input, into.child("linear1")),
                down.build(up.outputShape(input), into.child("linear2")),
                norm().build(input, into.child("norm1")),
                norm().build(input, into.child("norm2")),
                dropout);
        return normFirst ? block::normFirst : block::normLast;
    }

    private MultiHeadAttention attention() {
        return new MultiHeadAttention(heads, causal, dropout, true);
    }

    private static LayerNorm norm() {
        return new LayerNorm(1e-5);
    }

    private record Block(Network attention, Network up, Network down, Network norm1, Network norm2, double dropout) {
        Tensor normFirst(Tensor x, Pass pass) {
            Tensor y = x.add(drop(attention.forward(norm1.forward(x, pass), pass), pass));
            return y.add(dense(norm2.forward(y, pass), pass));
        }

        Tensor normLast(Tensor x, Pass pass) {
            Tensor y = norm1.forward(x.add(drop(attention.forward(x, pass), pass)), pass);
            return norm2.forward(y.add(dense(y, pass)), pass);
        }

        private Tensor dense(Tensor x, Pass pass) {
            Tensor inside = drop(up.forward(x, pass), pass);
            return drop(down.forward(inside, pass), pass);
        }

        private Tensor drop(Tensor x, Pass pass) {
            return Functional.dropout(x, dropout, pass.training() && dropout > 0);
        }
    }
}
