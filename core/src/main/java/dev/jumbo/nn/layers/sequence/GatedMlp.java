package dev.jumbo.nn.layers.sequence;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Cost;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code W_down (f(W_gate x) * W_up x)}, with SiLU known as SwiGLU (Shazeer, 2020, equation 6): {@code [..., D]} stays {@code [...,
 * D]}. Parameters as Hugging Face's {@code LlamaMLP}: {@code gate_proj.weight [units, D]}, {@code up_proj.weight [units, D]}, {@code
 * down_proj.weight [D, units]}, and biases.
 *
 * @param units width inside, 1 or more
 * @param activation f
 * @param useBias whether the three products add a bias
 * @param swapped layers in the place of its own, such as adapters, by the name of the part
 */
@Kind("gated_mlp")
public record GatedMlp(
        @Doc("Width inside.") int units,
        @Doc("Function of the gate.") @Default("silu") Activation activation,
        @Doc("Whether biases are added.") @Default("false") boolean useBias,

        @Doc("Layers in the place of its own, by name: gate_proj, up_proj, down_proj.") @Default("{}")
        Map<String, Layer> swapped)
        implements Layer {
    private static final List<String> PARTS = List.of("gate_proj", "up_proj", "down_proj");

    public GatedMlp {
        if (units < 1) {
            throw new InputException("gated_mlp: expected 1 or more units, received " + units);
        }
        swapped = Swapped.checked("gated_mlp", swapped, PARTS);
    }

    /** SwiGLU without biases, as Llama's. */
    public static GatedMlp of(int units) {
        return new GatedMlp(units, Activation.SILU, false, Map.of());
    }

    @Override
    public Specs outputs(Specs in) {
        return Specs.of(
                parts(in).get(2).layer().outputs(parts(in).get(2).inputs()).main());
    }

    @Override
    public List<Part> parts(Specs in) {
        Layer gate = part("gate_proj", units, activation);
        Layer up = part("up_proj", units, Activation.LINEAR);
        Layer down = part("down_proj", (int) in.main().shape().size(-1), Activation.LINEAR);
        return List.of(
                new Part("gate_proj", gate, in),
                new Part("up_proj", up, in),
                new Part("down_proj", down, in.withMain(up.outputs(in).main())));
    }

    private Layer part(String name, int width, Activation function) {
        Layer other = swapped.get(name);
        return other != null ? other : LlamaBlock.dense(width, function, useBias);
    }

    @Override
    public GatedMlp withPart(String path, Layer other) {
        return with(Swapped.with(swapped, path, other));
    }

    @Override
    public GatedMlp withOwnPart(String path) {
        return with(Swapped.without(swapped, path));
    }

    private GatedMlp with(Map<String, Layer> others) {
        return new GatedMlp(units, activation, useBias, others);
    }

    @Override
    public Set<String> sides() {
        return Swapped.sides(swapped, Set.of());
    }

    @Override
    public long flops(Specs in) {
        return Part.flops(parts(in)) + parts(in).get(2).inputs().main().shape().elements();
    }

    @Override
    public List<Operation> work(Specs in, Compute how) {
        List<Part> parts = parts(in);
        long inside = parts.get(2).inputs().main().shape().elements();
        List<Operation> work = new ArrayList<>(Cost.of(parts.subList(0, 2), how));
        work.add(Operation.pass("", "add", 2 * inside, inside, Kept.values(inside))
                .withFlops(inside));
        work.addAll(Cost.of(parts.subList(2, 3), how));
        return work;
    }

    @Override
    public Network build(Specs in, Parameters into) {
        List<Network> parts = parts(in).stream()
                .map(part -> into.build(part.path(), part.layer(), part.inputs()))
                .toList();
        return (xs, pass) -> {
            Tensor gate = parts.get(0).forward(xs, pass).main();
            Tensor up = parts.get(1).forward(xs, pass).main();
            return Tensors.of(
                    parts.get(2).forward(xs.withMain(gate.mul(up)), pass).main());
        };
    }
}
