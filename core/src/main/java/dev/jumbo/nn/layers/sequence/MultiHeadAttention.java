package dev.jumbo.nn.layers.sequence;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Initializer.Fans;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.SidedLayer;
import dev.jumbo.nn.each.Products;
import dev.jumbo.nn.each.Rows;
import dev.jumbo.nn.layers.basic.LowRank;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Size;
import dev.jumbo.tensor.Attentions;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Self-attention with several heads (Vaswani et al., 2017, section 3.2): each step becomes an average of all steps, weighted
 * by {@code softmax(q k^T / sqrt(D / heads))}. {@code [T, D]} stays {@code [T, D]}. Parameters as PyTorch's: {@code
 * in_proj_weight [3 D, D]}, {@code in_proj_bias}, {@code out_proj.weight [D, D]}, {@code out_proj.bias}.
 *
 * <p>Reads the side inputs {@code mask} and {@code documents}, and goes on from a {@link dev.jumbo.nn.Cache} where causal.
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
        implements SidedLayer {
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
    public List<Operation> work(Specs in, Compute how) {
        Shape input = in.main().shape();
        long steps = input.size(0);
        long d = input.size(1);
        List<Operation> work = new ArrayList<>();
        work.add(Operation.product("", "dense", input.elements(), new Size(steps, d, 3 * d)));
        if (in.has(Masks.MASK) || in.has(Masks.DOCUMENTS)) {
            work.add(AttentionWork.mask(steps, steps, causal, in.has(Masks.DOCUMENTS)));
        }
        work.add(AttentionWork.core(heads, dropout, steps, d, how).within("core"));
        work.add(Operation.product("", "dense", input.elements(), new Size(steps, d, d)));
        return work;
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        return work(Specs.of(input), how);
    }

    @Override
    public boolean ignoresPadding(Shape input) {
        return causal;
    }

    @Override
    public boolean goesOn(Specs in) {
        return causal;
    }

    @Override
    public Set<String> sides() {
        return Set.of(Masks.MASK, Masks.DOCUMENTS);
    }

    @Override
    public Network build(Specs in, Parameters into) {
        return build(in, into, null, null);
    }

    /** With changes of its projections, see {@link LoraAttention}. */
    Network build(Specs in, Parameters into, @Nullable LowRank inProj, @Nullable LowRank outProj) {
        long d = in.main().shape().size(1);
        Shape wide = Shape.of(3 * d, d);
        Shape square = Shape.of(d, d);
        Parameters out = into.child("out_proj");
        Parameter inWeight = into.weight("in_proj_weight", wide, Initializers.glorotUniform());
        Parameter outWeight = out.weight("weight", square, Initializers.kaimingUniform());
        @Nullable Parameter inBias = bias(into, "in_proj_bias", wide);
        @Nullable Parameter outBias = bias(out, "bias", square);
        LowRank.@Nullable Built inChange =
                inProj == null ? null : inProj.build(into.child(LoraAttention.IN), inWeight, inBias);
        LowRank.@Nullable Built outChange = outProj == null ? null : outProj.build(out, outWeight, outBias);
        String path = into.path();
        return (xs, pass) -> {
            Tensor qkv = project(xs.main(), inWeight, inBias, inChange, pass);
            double rate = pass.training() ? dropout : 0;
            Tensor y = pass.cache() == null && !Masks.hide(xs)
                    ? Attentions.self(qkv, heads, causal, rate)
                    : masked(qkv, xs, pass, path, rate);
            return Tensors.of(project(y, outWeight, outBias, outChange, pass));
        };
    }

    /** With a mask, or behind the steps of a cache. */
    private Tensor masked(Tensor qkv, Tensors xs, Pass pass, String path, double rate) {
        long n = qkv.size(0);
        long steps = qkv.size(1);
        long d = qkv.size(2) / 3;
        Tensor split = qkv.view(n, steps, 3, heads, d / heads).permute(2, 0, 3, 1, 4);
        KeyCache all = KeyCache.of(pass, path, xs, split.select(0, 1), split.select(0, 2));
        Tensor y = Attentions.of(split.select(0, 0), all.keys(), all.values(), all.mask(), causal, rate);
        return y.transpose(1, 2).reshape(n, steps, d);
    }

    private static Tensor project(
            Tensor x, Parameter weight, @Nullable Parameter bias, LowRank.@Nullable Built change, Pass pass) {
        Tensor y = Functional.linear(x, weight.tensor(), bias == null ? null : bias.tensor());
        Tensor followed = pass.perExample(y, (gradient, each) -> {
            each.add(weight, Products.of(gradient, x));
            each.add(bias, Rows.lastDimension(gradient));
        });
        return change == null ? followed : change.forward(x, followed, pass);
    }

    private @Nullable Parameter bias(Parameters into, String name, Shape weight) {
        return useBias ? into.bias(name, weight.slice(0, 1), Initializers.zeros(), Fans.of(weight)) : null;
    }
}
