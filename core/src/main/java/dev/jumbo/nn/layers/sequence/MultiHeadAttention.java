package dev.jumbo.nn.layers.sequence;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Initializer.Fans;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.each.Products;
import dev.jumbo.nn.each.Rows;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Size;
import dev.jumbo.tensor.Attentions;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Self-attention with several heads (Vaswani et al., 2017, section 3.2): each step becomes an average of all steps, weighted
 * by {@code softmax(q k^T / sqrt(D / heads))}. {@code [T, D]} stays {@code [T, D]}. Parameters as PyTorch's: {@code
 * in_proj_weight [3 D, D]}, {@code in_proj_bias}, {@code out_proj.weight [D, D]}, {@code out_proj.bias}.
 *
 * @param heads divides D
 * @param causal whether a step sees only itself and those before it
 * @param dropout of the weights of the average, in training
 * @param useBias whether the projections add one
 */
@Kind("multi_head_attention")
public record MultiHeadAttention(
        @Doc("Number of heads; divides the features.") int heads,

        @Doc("Whether a step sees only itself and those before it.") @Default("false")
        boolean causal,

        @Doc("Dropout of the attention weights, in training.") @Default("0.0")
        double dropout,

        @Doc("Whether the projections add a bias.") @Default("true")
        boolean useBias)
        implements UnaryLayer {
    public MultiHeadAttention {
        if (heads < 1) {
            throw new InputException("multi_head_attention: expected 1 or more heads, received " + heads);
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new InputException(
                    "multi_head_attention.dropout: expected a rate from 0 to below 1, received " + dropout);
        }
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 2 || input.elements() == 0 || input.size(1) % heads != 0) {
            throw new ShapeException("", "[T, D] with D a multiple of " + heads + " heads", input);
        }
        return input;
    }

    /** Four projections, and two products of T by T for each head. */
    @Override
    public long flops(Shape input) {
        long steps = input.size(0);
        long d = input.size(1);
        return 8 * steps * d * d + 4 * steps * steps * d;
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        long steps = input.size(0);
        long d = input.size(1);
        Operation in = Operation.product("", "dense", input.elements(), new Size(steps, d, 3 * d));
        Operation out = Operation.product("", "dense", input.elements(), new Size(steps, d, d));
        return List.of(in, AttentionWork.core(heads, dropout, steps, d, how).within("core"), out);
    }

    @Override
    public boolean ignoresPadding(Shape input) {
        return causal;
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        long d = input.size(1);
        Shape wide = Shape.of(3 * d, d);
        Shape square = Shape.of(d, d);
        Parameters out = into.child("out_proj");
        Parameter inWeight = into.weight("in_proj_weight", wide, Initializers.glorotUniform());
        Parameter outWeight = out.weight("weight", square, Initializers.kaimingUniform());
        @Nullable Parameter inBias = bias(into, "in_proj_bias", wide);
        @Nullable Parameter outBias = bias(out, "bias", square);
        return (x, pass) -> {
            Tensor qkv = project(x, inWeight, inBias, pass);
            Tensor y = Attentions.self(qkv, heads, causal, pass.training() ? dropout : 0);
            return project(y, outWeight, outBias, pass);
        };
    }

    private static Tensor project(Tensor x, Parameter weight, @Nullable Parameter bias, Pass pass) {
        Tensor y = Functional.linear(x, weight.tensor(), bias == null ? null : bias.tensor());
        return pass.perExample(y, (gradient, each) -> {
            each.add(weight, Products.of(gradient, x));
            each.add(bias, Rows.lastDimension(gradient));
        });
    }

    private @Nullable Parameter bias(Parameters into, String name, Shape weight) {
        return useBias ? into.bias(name, weight.slice(0, 1), Initializers.zeros(), Fans.of(weight)) : null;
    }
}
