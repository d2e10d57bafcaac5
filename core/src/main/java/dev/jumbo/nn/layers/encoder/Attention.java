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
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.sequence.Swapped;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Attention with four projections (Vaswani et al., 2017, section 3.2) whose names are given: {@code softmax(s q k^T + b) v} for each
 * head, of a sequence {@code [T, D]} with itself or with the side input {@code memory [S, E]}. {@code [T, D]} stays {@code [T, D]}.
 * Parameters: {@code weight [heads d, D or E]} of queries, keys and values, {@code weight [D, heads d]} of the output, biases {@code
 * [heads d]} and {@code [D]}, and where positions are relative {@code relative_attention_bias.weight [buckets, heads]}.
 *
 * <p>Reads the side inputs {@code mask}, or {@code memory} and {@code memory_mask}. Goes on from a {@link dev.jumbo.nn.Cache} where it
 * is causal or looks at a memory, whose keys and values are computed once.
 *
 * @param heads number of heads
 * @param headDim d, the width of a head; {@code D / heads} if null
 * @param causal whether a step sees only itself and those before it
 * @param across whether keys and values are those of the memory
 * @param scale s; {@code 1 / sqrt(d)} if null. First values of queries are scaled so that scores are as large as with that
 * @param relativePositions b; null for none
 * @param dropout of the weights of the average, in training
 * @param useBias whether the projections add one
 * @param kernelInitializer first values of the projections
 * @param names of the projections, of queries, keys, values and the output
 * @param swapped layers in the place of its own, such as adapters, by the name of the part
 */
@Kind("attention")
public record Attention(
        @Doc("Number of heads.") int heads,

        @Doc("Width of a head; features divided by heads if null.") @Default("null") @Nullable
        Integer headDim,

        @Doc("Whether a step sees only itself and those before it.") @Default("false")
        boolean causal,

        @Doc("Whether keys and values are those of the side input memory.") @Default("false")
        boolean across,

        @Doc("What scores are multiplied with; 1 / sqrt(head_dim) if null.") @Default("null") @Nullable
        Double scale,

        @Doc("What is added to scores by distance.") @Default("null") @Nullable
        RelativePositions relativePositions,

        @Doc("Dropout of the attention weights, in training.") @Default("0.0")
        double dropout,

        @Doc("Whether the projections add a bias.") @Default("true")
        boolean useBias,

        @Doc("First values of the projections.") @Default("glorot_uniform")
        Initializer kernelInitializer,

        @Doc("Names of the projections: queries, keys, values, output.") @Default("[q_proj, k_proj, v_proj, out_proj]")
        List<String> names,

        @Doc("Layers in the place of its own, by name.") @Default("{}")
        Map<String, Layer> swapped)
        implements Layer {
    private static final String KIND = "attention";
    private static final int OUT = 3;

    public Attention {
        names = List.copyOf(names);
        if (heads < 1 || (headDim != null && headDim < 1) || !(dropout >= 0 && dropout < 1)) {
            throw new InputException(
                    "attention: expected 1 or more heads, a head_dim of 1 or more and a dropout from 0 to below"
                            + " 1, received " + heads + ", " + headDim + " and " + dropout);
        }
        if (scale != null && (!(scale > 0) || Double.isInfinite(scale))) {
            throw new InputException("attention.scale: expected a number above 0, received " + scale);
        }
        if (across && (causal || relativePositions != null)) {
            throw new InputException(
                    "attention: expected no causal and no relative_positions where it is across, as steps of the"
                            + " memory are neither before nor behind, received causal: " + causal
                            + ", relative_positions: "
                            + relativePositions);
        }
        if (names.size() != OUT + 1 || Set.copyOf(names).size() != names.size()) {
            throw new InputException("attention.names: expected four different names, received " + names);
        }
        if (relativePositions != null) {
            relativePositions.check(causal);
        }
        swapped = Swapped.checked(KIND, swapped, names);
    }

    /** As described by heads and names; the rest as where a file says nothing. */
    public static Attention of(int heads, boolean causal, boolean across, double dropout, List<String> names) {
        return new Attention(
                heads, null, causal, across, null, null, dropout, true, Initializers.glorotUniform(), names, Map.of());
    }

    int width(Specs in) {
        return headDim == null ? (int) in.main().shape().size(1) / heads : headDim;
    }

    @Override
    public Specs outputs(Specs in) {
        Spec x = in.main();
        Shape shape = x.shape();
        if (shape.rank() != 2
                || shape.elements() == 0
                || !x.dtype().isFloating()
                || (headDim == null && shape.size(1) % heads != 0)) {
            throw new ShapeException("", "[T, D] with D a multiple of " + heads + " heads", x);
        }
        if (across) {
            Shape memory = in.require(Masks.MEMORY).shape();
            if (memory.rank() != 2 || memory.elements() == 0) {
                throw new ShapeException(Masks.MEMORY, "[S, E]", in.require(Masks.MEMORY));
            }
        }
        Part.requireFit(parts(in));
        return Specs.of(x);
    }

    @Override
    public List<Part> parts(Specs in) {
        int wide = heads * width(in);
        Specs read = across ? in.withMain(in.require(Masks.MEMORY)) : in;
        Spec x = in.main();
        Spec joined = new Spec(x.shape().with(1, wide), x.dtype(), x.varying());
        return List.of(
                new Part(names.get(0), projection(0, wide, queries(in)), in),
                new Part(names.get(1), projection(1, wide, kernelInitializer), read),
                new Part(names.get(2), projection(2, wide, kernelInitializer), read),
                new Part(
                        names.get(OUT),
                        projection(OUT, (int) x.shape().size(1), kernelInitializer),
                        in.withMain(joined)));
    }

    private Layer projection(int which, int units, Initializer first) {
        Layer other = swapped.get(names.get(which));
        return other != null ? other : new Dense(units, Activation.LINEAR, useBias, first, Initializers.zeros());
    }

    private Initializer queries(Specs in) {
        double factor = scale == null ? 1 : 1 / Math.sqrt(width(in)) / scale;
        return factor == 1 ? kernelInitializer : new Initializers.Scaled(kernelInitializer, factor);
    }

    @Override
    public Attention withPart(String path, Layer other) {
        return with(Swapped.with(swapped, path, other));
    }

    @Override
    public Attention withOwnPart(String path) {
        return with(Swapped.without(swapped, path));
    }

    private Attention with(Map<String, Layer> others) {
        return new Attention(
                heads,
                headDim,
                causal,
                across,
                scale,
                relativePositions,
                dropout,
                useBias,
                kernelInitializer,
                names,
                others);
    }

    @Override
    public Set<String> sides() {
        return Swapped.sides(swapped, across ? Set.of(Masks.MEMORY, Masks.MEMORY_MASK) : Set.of(Masks.MASK));
    }

    @Override
    public boolean goesOn(Specs in) {
        return causal || across;
    }

    private long keys(Specs in) {
        return (across ? in.require(Masks.MEMORY) : in.main()).shape().size(0);
    }

    @Override
    public long flops(Specs in) {
        return Part.flops(parts(in)) + 4 * in.main().shape().size(0) * keys(in) * heads * width(in);
    }

    @Override
    public List<Operation> work(Specs in, Compute how) {
        long steps = in.main().shape().size(0);
        List<Part> parts = parts(in);
        List<Operation> work = new ArrayList<>(Cost.of(parts.subList(0, OUT), how));
        work.addAll(AttentionCost.of(this, in, steps, keys(in), (long) heads * width(in), how));
        work.addAll(Cost.of(parts.subList(OUT, parts.size()), how));
        return work;
    }

    @Override
    public Network build(Specs in, Parameters into) {
        Map<String, Network> built = new LinkedHashMap<>();
        parts(in).forEach(part -> built.put(part.path(), into.build(part.path(), part.layer(), part.inputs())));
        @Nullable
        Parameter table = relativePositions == null
                ? null
                : relativePositions.table(into, heads, in.main().shape().size(1));
        return new AttentionNetwork(this, into.path(), width(in), table, built);
    }
}
