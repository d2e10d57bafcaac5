package dev.jumbo.nn.layers.encoder;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Cost;
import dev.jumbo.nn.Initializer;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.basic.Dropout;
import dev.jumbo.nn.layers.sequence.LayerNorm;
import dev.jumbo.nn.layers.sequence.RmsNorm;
import dev.jumbo.nn.layers.sequence.Swapped;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.Specs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A block of an encoder or decoder in the forms that public models have: attention to itself, attention to a memory where there is
 * one, and dense layers at each step, {@code W_down f(W_up x)} or gated {@code W_down (f(W_gate x) * W_up x)}. Around each a residual
 * connection with a normalisation, before it or behind the sum. {@code [T, D]} stays {@code [T, D]}. Parameters under the {@link
 * BlockNames} given.
 *
 * <p>Reads the side inputs {@code mask}, and {@code memory} and {@code memory_mask} where it looks at one.
 *
 * @param attention to itself
 * @param across attention to the memory, or null
 * @param units width inside the dense layers
 * @param activation f
 * @param gated whether there is a gate
 * @param useBias whether the dense layers add one
 * @param norm which normalisation
 * @param epsilon of the normalisations
 * @param normFirst whether they come before attention and dense layers
 * @param dropout of what the residual connections add, in training
 * @param activationDropout between the dense layers, in training
 * @param kernelInitializer first values of the dense layers
 * @param names of the parts
 * @param swapped layers in the place of its own, such as adapters, by the name of the part
 */
@Kind("attention_block")
public record AttentionBlock(
        @Doc("Attention to itself, with its options.") Attention attention,

        @Doc("Attention to the memory, or null.") @Default("null") @Nullable
        Attention across,

        @Doc("Width inside the dense layers.") int units,
        @Doc("Between the dense layers.") @Default("gelu") Activation activation,

        @Doc("Whether the dense layers have a gate.") @Default("false")
        boolean gated,

        @Doc("Whether the dense layers add biases.") @Default("true")
        boolean useBias,

        @Doc("Which normalisation.") @Default("layer_norm") Norm norm,

        @Doc("Added to the variance, or mean square, of normalisations.") @Default("1.0e-5")
        double epsilon,

        @Doc("Whether normalisation comes first.") @Default("false")
        boolean normFirst,

        @Doc("Dropout of what residual connections add, in training.") @Default("0.0")
        double dropout,

        @Doc("Dropout between the dense layers, in training.") @Default("0.0")
        double activationDropout,

        @Doc("First values of the dense layers.") @Default("glorot_uniform")
        Initializer kernelInitializer,

        @Doc("What the parts are called.") @Default("{}") BlockNames names,

        @Doc("Layers in the place of its own, by name.") @Default("{}")
        Map<String, Layer> swapped)
        implements Layer {
    /** Which normalisation. */
    public enum Norm {
        LAYER_NORM,
        RMS_NORM
    }

    private static final String KIND = "attention_block";

    public AttentionBlock {
        if (units < 1 || !(epsilon > 0)) {
            throw new InputException(
                    KIND + ": expected 1 or more units and an epsilon above 0, received " + units + " and " + epsilon);
        }
        if (!(dropout >= 0 && dropout < 1 && activationDropout >= 0 && activationDropout < 1)) {
            throw new InputException(
                    KIND + ": expected dropouts from 0 to below 1, received " + dropout + " and " + activationDropout);
        }
        if (attention.across() || (across != null && !across.across())) {
            throw new InputException(KIND
                    + ": expected an attention to itself (across: false) and an across to the memory (across: true)");
        }
        List<String> used = names.used(across != null, gated);
        if (new HashSet<>(used).size() != used.size()) {
            throw new InputException(KIND + ".names: expected different names, received " + used);
        }
        swapped = Swapped.checked(KIND, swapped, used);
    }

    @Override
    public Specs outputs(Specs in) {
        Part.requireFit(parts(in));
        return Specs.of(in.main());
    }

    @Override
    public List<Part> parts(Specs in) {
        List<Part> parts = new ArrayList<>();
        add(names.self(), attention, in, parts);
        add(names.selfNorm(), normalisation(), in, parts);
        if (across != null) {
            add(names.across(), across, in, parts);
            add(names.acrossNorm(), normalisation(), in, parts);
        }
        if (gated) {
            add(names.gate(), dense(units, activation), in, parts);
        }
        add(names.up(), dense(units, gated ? Activation.LINEAR : activation), in, parts);
        Specs inside =
                in.withMain(parts.get(parts.size() - 1).layer().outputs(in).main());
        int width = (int) in.main().shape().size(-1);
        add(names.down(), dense(width, Activation.LINEAR), inside, parts);
        add(names.denseNorm(), normalisation(), in, parts);
        return parts;
    }

    private void add(String name, Layer own, Specs in, List<Part> parts) {
        parts.add(new Part(name, swapped.getOrDefault(name, own), in));
    }

    private Layer dense(int width, Activation function) {
        return new Dense(width, function, useBias, kernelInitializer, Initializers.zeros());
    }

    private Layer normalisation() {
        return norm == Norm.RMS_NORM ? new RmsNorm(epsilon) : new LayerNorm(epsilon);
    }

    @Override
    public AttentionBlock withPart(String path, Layer other) {
        return with(Swapped.with(swapped, path, other));
    }

    @Override
    public AttentionBlock withOwnPart(String path) {
        return with(Swapped.without(swapped, path));
    }

    private AttentionBlock with(Map<String, Layer> others) {
        return new AttentionBlock(
                attention,
                across,
                units,
                activation,
                gated,
                useBias,
                norm,
                epsilon,
                normFirst,
                dropout,
                activationDropout,
                kernelInitializer,
                names,
                others);
    }

    @Override
    public Set<String> sides() {
        Set<String> own = new LinkedHashSet<>(Set.of(Masks.MASK));
        if (across != null) {
            own.addAll(across.sides());
        }
        return Swapped.sides(swapped, own);
    }

    @Override
    public long flops(Specs in) {
        return Part.flops(parts(in)) + 3 * in.main().shape().elements();
    }

    @Override
    public List<Operation> work(Specs in, Compute how) {
        long values = in.main().shape().elements();
        long inside = in.main().shape().size(0) * units;
        List<Operation> work = new ArrayList<>();
        for (Part part : parts(in)) {
            work.addAll(Cost.of(part, how));
            if (part.path().equals(names.up())) {
                if (gated) {
                    work.add(Operation.pass("", "add", 2 * inside, inside, Kept.values(inside)));
                }
                Dropout.work(activationDropout, inside, work);
            }
            boolean added = Set.of(names.self(), names.across(), names.down()).contains(part.path());
            if (added) {
                Dropout.work(dropout, values, work);
                work.add(Operation.pass("", "add", values, values, Kept.values(values)));
            }
        }
        return work;
    }

    @Override
    public Network build(Specs in, Parameters into) {
        Map<String, Network> built = new LinkedHashMap<>();
        parts(in).forEach(part -> built.put(part.path(), into.build(part.path(), part.layer(), part.inputs())));
        return new BlockNetwork(this, built);
    }
}
