package dev.jumbo.nn.layers.sequence;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Initializer.Fans;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.each.Products;
import dev.jumbo.nn.each.Rows;
import dev.jumbo.nn.each.SomeRows;
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
 * Attention to another sequence (Vaswani et al., 2017, section 3.2.3): each step of {@code [T, D]} becomes an average of the steps of
 * the side input {@code memory [S, D]}, such as what an encoder made; {@code memory_mask}, BOOL {@code [S]}, says which of them are
 * real. Parameters as PyTorch's {@code MultiheadAttention}: {@code in_proj_weight [3 D, D]}, {@code in_proj_bias}, {@code
 * out_proj.weight [D, D]}, {@code out_proj.bias}.
 *
 * @param heads divides D
 * @param dropout of the weights of the average, in training
 * @param useBias whether the projections add one
 */
@Kind("cross_attention")
public record CrossAttention(
        @Doc("Number of heads; divides the features.") int heads,

        @Doc("Dropout of the attention weights, in training.") @Default("0.0")
        double dropout,

        @Doc("Whether the projections add a bias.") @Default("true")
        boolean useBias)
        implements Layer {
    public CrossAttention {
        if (heads < 1 || !(dropout >= 0 && dropout < 1)) {
            throw new InputException(
                    "cross_attention: expected 1 or more heads and a dropout from 0 to below 1, received " + heads
                            + " and " + dropout);
        }
    }

    @Override
    public Specs outputs(Specs in) {
        Shape input = in.main().shape();
        if (input.rank() != 2 || input.elements() == 0 || input.size(1) % heads != 0) {
            throw new ShapeException("", "[T, D] with D a multiple of " + heads + " heads", in.main());
        }
        Shape memory = in.require(Masks.MEMORY).shape();
        if (memory.rank() != 2 || memory.size(0) == 0 || memory.size(1) != input.size(1)) {
            throw new ShapeException(Masks.MEMORY, "[S, " + input.size(1) + "]", in.require(Masks.MEMORY));
        }
        return Specs.of(in.main());
    }

    @Override
    public Set<String> sides() {
        return Set.of(Masks.MEMORY, Masks.MEMORY_MASK);
    }

    @Override
    public boolean goesOn(Specs in) {
        return true;
    }

    @Override
    public long flops(Specs in) {
        long steps = in.main().shape().size(0);
        long d = in.main().shape().size(1);
        long all = in.require(Masks.MEMORY).shape().size(0);
        return 4 * steps * d * d + 4 * all * d * d + 4 * steps * all * d;
    }

    @Override
    public List<Operation> work(Specs in, Compute how) {
        long steps = in.main().shape().size(0);
        long d = in.main().shape().size(1);
        long all = in.require(Masks.MEMORY).shape().size(0);
        List<Operation> work = new ArrayList<>();
        work.add(Operation.product("", "dense", steps * d, new Size(steps, d, d)));
        work.add(Operation.product("", "dense", all * d, new Size(all, d, 2 * d)));
        if (in.has(Masks.MEMORY_MASK)) {
            work.add(AttentionWork.mask(steps, all, false, false));
        }
        work.add(AttentionWork.core(heads, false, dropout, steps, all, d, how).within("core"));
        work.add(Operation.product("", "dense", steps * d, new Size(steps, d, d)));
        return work;
    }

    @Override
    public Network build(Specs in, Parameters into) {
        long d = in.main().shape().size(1);
        Shape wide = Shape.of(3 * d, d);
        Shape square = Shape.of(d, d);
        Parameters out = into.child("out_proj");
        Parameter inWeight = into.weight("in_proj_weight", wide, Initializers.glorotUniform());
        Parameter outWeight = out.weight("weight", square, Initializers.kaimingUniform());
        @Nullable
        Parameter inBias =
                useBias ? into.bias("in_proj_bias", Shape.of(3 * d), Initializers.zeros(), Fans.of(wide)) : null;
        @Nullable
        Parameter outBias = useBias ? out.bias("bias", Shape.of(d), Initializers.zeros(), Fans.of(square)) : null;
        String path = into.path();
        return (xs, pass) -> {
            Tensor q = project(xs.main(), inWeight, inBias, 0, d, pass);
            KeyCache seen = KeyCache.across(pass, path, xs, () -> {
                Tensor kv = project(xs.require(Masks.MEMORY), inWeight, inBias, d, 2 * d, pass);
                return List.of(perHead(kv.narrow(2, 0, d), d), perHead(kv.narrow(2, d, d), d));
            });
            Tensor y = Attentions.of(
                    perHead(q, d), seen.keys(), seen.values(), seen.mask(), false, pass.training() ? dropout : 0);
            Tensor joined = y.transpose(1, 2).reshape(q.size(0), q.size(1), d);
            Tensor made = Functional.linear(joined, outWeight.tensor(), outBias == null ? null : outBias.tensor());
            return Tensors.of(pass.perExample(made, (gradient, each) -> {
                each.add(outWeight, Products.of(gradient, joined));
                each.add(outBias, Rows.lastDimension(gradient));
            }));
        };
    }

    /** By some rows of the weight: the first D read the main sequence, the others the memory. */
    private static Tensor project(
            Tensor x, Parameter weight, @Nullable Parameter bias, long from, long rows, Pass pass) {
        Tensor y = Functional.linear(
                x,
                weight.tensor().narrow(0, from, rows),
                bias == null ? null : bias.tensor().narrow(0, from, rows));
        return pass.perExample(y, (gradient, each) -> {
            each.add(weight, SomeRows.of(Products.of(gradient, x), weight.shape(), from));
            if (bias != null) {
                each.add(bias, SomeRows.of(Rows.lastDimension(gradient), bias.shape(), from));
            }
        });
    }

    private Tensor perHead(Tensor x, long d) {
        return x.reshape(x.size(0), x.size(1), heads, d / heads).transpose(1, 2);
    }
}
