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
import java.util.function.UnaryOperator;

/**
 * A block of a decoder behind an encoder (Vaswani et al., 2017, section 3.1): causal attention to itself, attention to the side input
 * {@code memory}, two dense layers at each step, each with a normalisation and a residual connection. {@code [T, D]} stays {@code [T,
 * D]}. Parameters as PyTorch's {@code TransformerDecoderLayer}: {@code self_attn.*}, {@code multihead_attn.*}, {@code linear1.*},
 * {@code linear2.*}, {@code norm1.*}, {@code norm2.*}, {@code norm3.*}.
 *
 * <p>Reads the side inputs {@code mask}, {@code memory} and {@code memory_mask}.
 *
 * @param heads of both attentions; divides D
 * @param units outputs of the first dense layer, usually 4 D
 * @param dropout of attention weights, between the dense layers, and of what the residual connections add, in training
 * @param activation between the dense layers
 * @param normFirst whether normalisations come first; if not, after the residual sums
 * @param swapped layers in the place of its own, such as adapters, by the name of the part
 */
@Kind("transformer_decoder_block")
public record TransformerDecoderBlock(
        @Doc("Number of heads; divides the features.") int heads,
        @Doc("Outputs of the first dense layer.") int units,
        @Doc("Dropout rate, in training.") @Default("0.0") double dropout,
        @Doc("Between the dense layers.") @Default("gelu") Activation activation,

        @Doc("Whether normalisation comes first.") @Default("true")
        boolean normFirst,

        @Doc(
                "Layers in the place of its own, by name: self_attn, multihead_attn, linear1, linear2, norm1, norm2, norm3.")
        @Default("{}")
        Map<String, Layer> swapped)
        implements Layer {
    private static final List<String> PARTS =
            List.of("norm1", "self_attn", "norm2", "multihead_attn", "norm3", "linear1", "linear2");

    public TransformerDecoderBlock {
        if (heads < 1 || units < 1 || !(dropout >= 0 && dropout < 1)) {
            throw new InputException(
                    "transformer_decoder_block: expected 1 or more heads and units and a dropout from 0 to"
                            + " below 1, received " + heads + ", " + units + " and " + dropout);
        }
        swapped = Swapped.checked("transformer_decoder_block", swapped, PARTS);
    }

    @Override
    public Specs outputs(Specs in) {
        for (String name : List.of("self_attn", "multihead_attn")) {
            try {
                part(name, in).outputs(in);
            } catch (ShapeException e) {
                throw e.within(name);
            }
        }
        return Specs.of(in.main());
    }

    @Override
    public List<Part> parts(Specs in) {
        Specs inside = in.withMain(part("linear1", in).outputs(in).main());
        return PARTS.stream()
                .map(name -> new Part(name, part(name, in), name.equals("linear2") ? inside : in))
                .toList();
    }

    private Layer part(String name, Specs in) {
        Layer other = swapped.get(name);
        if (other != null) {
            return other;
        }
        return switch (name) {
            case "self_attn" -> new MultiHeadAttention(heads, true, dropout, true);
            case "multihead_attn" -> new CrossAttention(heads, dropout, true);
            case "linear1" -> Dense.of(units, activation);
            case "linear2" -> Dense.of((int) in.main().shape().size(-1), Activation.LINEAR);
            default -> new LayerNorm(1e-5);
        };
    }

    @Override
    public TransformerDecoderBlock withPart(String path, Layer other) {
        return with(Swapped.with(swapped, path, other));
    }

    @Override
    public TransformerDecoderBlock withOwnPart(String path) {
        return with(Swapped.without(swapped, path));
    }

    private TransformerDecoderBlock with(Map<String, Layer> others) {
        return new TransformerDecoderBlock(heads, units, dropout, activation, normFirst, others);
    }

    @Override
    public Set<String> sides() {
        return Swapped.sides(swapped, Set.of(Masks.MASK, Masks.MEMORY, Masks.MEMORY_MASK));
    }

    @Override
    public long flops(Specs in) {
        return Part.flops(parts(in)) + 3 * in.main().shape().elements();
    }

    @Override
    public List<Operation> work(Specs in, Compute how) {
        long values = in.main().shape().elements();
        Operation sum = Operation.pass("", "add", values, values, Kept.values(values));
        List<Part> parts = parts(in);
        List<Operation> work = new ArrayList<>();
        for (int from : new int[] {0, 2}) {
            work.addAll(Cost.of(parts.subList(from, from + 2), how));
            Dropout.work(dropout, values, work);
            work.add(sum);
        }
        work.addAll(Cost.of(parts.subList(4, 6), how));
        Dropout.work(dropout, parts.get(6).inputs().main().shape().elements(), work);
        work.addAll(Cost.of(parts.subList(6, 7), how));
        Dropout.work(dropout, values, work);
        work.add(sum);
        return work;
    }

    @Override
    public Network build(Specs in, Parameters into) {
        Map<String, Network> built = new LinkedHashMap<>();
        parts(in).forEach(part -> built.put(part.path(), into.build(part.path(), part.layer(), part.inputs())));
        return new Block(built, normFirst, dropout);
    }

    private record Block(Map<String, Network> parts, boolean normFirst, double dropout) implements Network {
        @Override
        public Tensors forward(Tensors xs, Pass pass) {
            Tensor x = xs.main();
            x = around("norm1", x, xs, pass, y -> drop(run("self_attn", y, xs, pass), pass));
            x = around("norm2", x, xs, pass, y -> drop(run("multihead_attn", y, xs, pass), pass));
            x = around("norm3", x, xs, pass, y -> {
                Tensor inside = drop(run("linear1", y, xs, pass), pass);
                return drop(run("linear2", inside, xs, pass), pass);
            });
            return Tensors.of(x);
        }

        private Tensor around(String norm, Tensor x, Tensors xs, Pass pass, UnaryOperator<Tensor> inside) {
            return normFirst
                    ? x.add(inside.apply(run(norm, x, xs, pass)))
                    : run(norm, x.add(inside.apply(x)), xs, pass);
        }

        private Tensor run(String name, Tensor x, Tensors xs, Pass pass) {
            return Objects.requireNonNull(parts.get(name), name)
                    .forward(xs.withMain(x), pass)
                    .main();
        }

        private Tensor drop(Tensor x, Pass pass) {
            return Functional.dropout(x, dropout, pass.training() && dropout > 0);
        }
    }
}
