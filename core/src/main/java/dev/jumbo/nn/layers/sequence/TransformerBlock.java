package dev.jumbo.nn.layers.sequence;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Cost;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.basic.Dropout;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

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
 * @param epsilon of the normalisations
 * @param swapped layers in the place of its own, such as adapters, by the name of the part
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
        boolean normFirst,

        @Doc("Added to the variance of normalisations.") @Default("1.0e-5")
        double epsilon,

        @Doc("Layers in the place of its own, by name: self_attn, linear1, linear2, norm1, norm2.") @Default("{}")
        Map<String, Layer> swapped)
        implements Layer {
    private static final List<String> PARTS = List.of("norm1", "self_attn", "norm2", "linear1", "linear2");

    public TransformerBlock {
        swapped = Swapped.checked("transformer_block", swapped, PARTS);
        if (!(epsilon > 0)) {
            throw new InputException("transformer_block: expected an epsilon above 0, received " + epsilon);
        }
        if (heads < 1 || units < 1 || !(dropout >= 0 && dropout < 1)) {
            throw new InputException("transformer_block: expected 1 or more heads and units and a dropout from 0 to"
                    + " below 1, received " + heads + ", " + units + " and " + dropout);
        }
    }

    /** A block of its own layers. */
    public TransformerBlock(
            int heads, int units, boolean causal, double dropout, Activation activation, boolean normFirst) {
        this(heads, units, causal, dropout, activation, normFirst, 1e-5, Map.of());
    }

    @Override
    public Specs outputs(Specs in) {
        try {
            return Specs.of(part("self_attn", in).outputs(in).main());
        } catch (ShapeException e) {
            throw e.within("self_attn");
        }
    }

    @Override
    public long flops(Specs in) {
        return Part.flops(parts(in));
    }

    @Override
    public List<Part> parts(Specs in) {
        Specs inside = in.withMain(part("linear1", in).outputs(in).main());
        return List.of(
                new Part("norm1", part("norm1", in), in),
                new Part("self_attn", part("self_attn", in), in),
                new Part("norm2", part("norm2", in), in),
                new Part("linear1", part("linear1", in), in),
                new Part("linear2", part("linear2", in), inside));
    }

    /** The layer of a name: the one that was put there, or its own. */
    private Layer part(String name, Specs in) {
        Layer other = swapped.get(name);
        if (other != null) {
            return other;
        }
        return switch (name) {
            case "self_attn" -> new MultiHeadAttention(heads, causal, dropout, true);
            case "linear1" -> Dense.of(units, activation);
            case "linear2" -> Dense.of((int) in.main().shape().size(-1), Activation.LINEAR);
            default -> new LayerNorm(epsilon);
        };
    }

    @Override
    public TransformerBlock withPart(String path, Layer other) {
        return with(Swapped.with(swapped, path, other));
    }

    @Override
    public TransformerBlock withOwnPart(String path) {
        return with(Swapped.without(swapped, path));
    }

    private TransformerBlock with(Map<String, Layer> others) {
        return new TransformerBlock(heads, units, causal, dropout, activation, normFirst, epsilon, others);
    }

    @Override
    public Set<String> sides() {
        return Swapped.sides(swapped, Set.of(Masks.MASK, Masks.DOCUMENTS));
    }

    @Override
    public List<Operation> work(Specs in, Compute how) {
        long values = in.main().shape().elements();
        List<Part> parts = parts(in);
        Operation sum = Operation.pass("", "add", values, values, Kept.values(values));
        List<Operation> work = new ArrayList<>(Cost.of(parts.subList(0, 2), how));
        Dropout.work(dropout, values, work);
        work.add(sum);
        work.addAll(Cost.of(parts.subList(2, 4), how));
        Dropout.work(dropout, parts.get(4).inputs().main().shape().elements(), work);
        work.addAll(Cost.of(parts.subList(4, 5), how));
        Dropout.work(dropout, values, work);
        work.add(sum);
        return work;
    }

    @Override
    public Network build(Specs in, Parameters into) {
        Map<String, Network> built = new LinkedHashMap<>();
        // In PyTorch's order, which is that of the flat memory.
        for (String name : List.of("self_attn", "linear1", "linear2", "norm1", "norm2")) {
            for (Part part : parts(in)) {
                if (part.path().equals(name)) {
                    built.put(name, into.build(name, part.layer(), part.inputs()));
                }
            }
        }
        Block block = new Block(built, dropout);
        return normFirst ? block::normFirst : block::normLast;
    }

    private record Block(Network attention, Network up, Network down, Network norm1, Network norm2, double dropout) {
        Block(Map<String, Network> parts, double dropout) {
            this(
                    Objects.requireNonNull(parts.get("self_attn")),
                    Objects.requireNonNull(parts.get("linear1")),
                    Objects.requireNonNull(parts.get("linear2")),
                    Objects.requireNonNull(parts.get("norm1")),
                    Objects.requireNonNull(parts.get("norm2")),
                    dropout);
        }

        Tensors normFirst(Tensors xs, Pass pass) {
            Tensor x = xs.main();
            Tensor attended =
                    attention.forward(xs.withMain(norm1.forward(x, pass)), pass).main();
            Tensor y = x.add(drop(attended, pass));
            return Tensors.of(y.add(dense(norm2.forward(y, pass), pass)));
        }

        Tensors normLast(Tensors xs, Pass pass) {
            Tensor attended = attention.forward(xs, pass).main();
            Tensor y = norm1.forward(xs.main().add(drop(attended, pass)), pass);
            return Tensors.of(norm2.forward(y.add(dense(y, pass)), pass));
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
