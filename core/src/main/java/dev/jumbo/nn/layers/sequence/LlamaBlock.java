package dev.jumbo.nn.layers.sequence;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Cost;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A block of Llama (Touvron et al., 2023, section 2.2): {@code y = x + attention(rms_norm(x))}, {@code y + mlp(rms_norm(y))}. {@code
 * [T, D]} stays {@code [T, D]}. Parameters as Hugging Face's {@code LlamaDecoderLayer}: {@code input_layernorm.weight}, {@code
 * self_attn.*}, {@code post_attention_layernorm.weight}, {@code mlp.*}.
 *
 * @param attention of the block
 * @param units width inside the gated dense layers
 * @param epsilon of the normalisations
 * @param useBias whether the gated dense layers add biases
 * @param swapped layers in the place of its own, such as adapters, by the name of the part
 */
@Kind("llama_block")
public record LlamaBlock(
        @Doc("Attention, with its options.") GroupedQueryAttention attention,
        @Doc("Width inside the gated dense layers.") int units,

        @Doc("Added to the mean square of normalisations.") @Default("1.0e-5")
        double epsilon,

        @Doc("Whether the gated dense layers add biases.") @Default("false")
        boolean useBias,

        @Doc("Layers in the place of its own, by name: input_layernorm, self_attn, post_attention_layernorm, mlp.")
        @Default("{}")
        Map<String, Layer> swapped)
        implements Layer {
    private static final List<String> PARTS =
            List.of("input_layernorm", "self_attn", "post_attention_layernorm", "mlp");

    /** Standard deviation of first weights, as the public models'. */
    private static final double FIRST = 0.02;

    public LlamaBlock {
        swapped = Swapped.checked("llama_block", swapped, PARTS);
        part("mlp", units, epsilon, useBias, attention, swapped);
        part("input_layernorm", units, epsilon, useBias, attention, swapped);
    }

    static Dense dense(int units, Activation activation, boolean bias) {
        return new Dense(units, activation, bias, Initializers.randomNormal(FIRST), Initializers.zeros());
    }

    private Layer part(String name) {
        return part(name, units, epsilon, useBias, attention, swapped);
    }

    private static Layer part(
            String name,
            int units,
            double epsilon,
            boolean useBias,
            GroupedQueryAttention attention,
            Map<String, Layer> swapped) {
        Layer other = swapped.get(name);
        if (other != null) {
            return other;
        }
        return switch (name) {
            case "self_attn" -> attention;
            case "mlp" -> new GatedMlp(units, Activation.SILU, useBias, Map.of());
            default -> new RmsNorm(epsilon);
        };
    }

    @Override
    public Specs outputs(Specs in) {
        try {
            return Specs.of(part("self_attn").outputs(in).main());
        } catch (ShapeException e) {
            throw e.within("self_attn");
        }
    }

    @Override
    public List<Part> parts(Specs in) {
        return PARTS.stream().map(name -> new Part(name, part(name), in)).toList();
    }

    @Override
    public LlamaBlock withPart(String path, Layer other) {
        return with(Swapped.with(swapped, path, other));
    }

    @Override
    public LlamaBlock withOwnPart(String path) {
        return with(Swapped.without(swapped, path));
    }

    private LlamaBlock with(Map<String, Layer> others) {
        return new LlamaBlock(attention, units, epsilon, useBias, others);
    }

    @Override
    public Set<String> sides() {
        return Swapped.sides(swapped, attention.sides());
    }

    @Override
    public long flops(Specs in) {
        return Part.flops(parts(in)) + 2 * in.main().shape().elements();
    }

    @Override
    public List<Operation> work(Specs in, Compute how) {
        long values = in.main().shape().elements();
        Operation sum = Operation.pass("", "add", values, values, Kept.values(values));
        List<Part> parts = parts(in);
        List<Operation> work = new ArrayList<>(Cost.of(parts.subList(0, 2), how));
        work.add(sum);
        work.addAll(Cost.of(parts.subList(2, 4), how));
        work.add(sum);
        return work;
    }

    @Override
    public Network build(Specs in, Parameters into) {
        List<Network> parts = parts(in).stream()
                .map(part -> into.build(part.path(), part.layer(), part.inputs()))
                .toList();
        return (xs, pass) -> {
            Tensor x = xs.main();
            Tensor normed = parts.get(0).forward(xs, pass).main();
            Tensor y = x.add(parts.get(1).forward(xs.withMain(normed), pass).main());
            Tensor again = parts.get(2).forward(xs.withMain(y), pass).main();
            return Tensors.of(
                    y.add(parts.get(3).forward(xs.withMain(again), pass).main()));
        };
    }
}
