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
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.Attentions;
import dev.jumbo.tensor.Rotary;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Self-attention in which several heads of queries share keys and values (Ainslie et al., 2023), with rotary positions (Su et al.,
 * 2021): {@code softmax(R q (R k)^T / sqrt(d)) v} for each head. {@code [T, D]} stays {@code [T, D]}. Parameters as Hugging Face's
 * {@code LlamaAttention}: {@code q_proj.weight [heads d, D]}, {@code k_proj.weight [kvHeads d, D]}, {@code v_proj.weight}, {@code
 * o_proj.weight [D, heads d]}, with biases and {@code q_norm.weight [d]}, {@code k_norm.weight} where asked for.
 *
 * <p>Reads the side inputs {@code mask}, {@code documents} and {@code positions}, and goes on from a {@link dev.jumbo.nn.Cache} where causal.
 *
 * @param heads of queries
 * @param kvHeads of keys and values; divides heads; as many as heads if null
 * @param headDim d, even; {@code D / heads} if null
 * @param causal whether a step sees only itself and those before it
 * @param ropeTheta base of the wavelengths of positions; 0 for no positions
 * @param ropeScaling of positions over a longer context, or null
 * @param dropout of the weights of the average, in training
 * @param useBias whether q, k and v add one
 * @param useOutBias whether the last product adds one
 * @param qkNorm whether queries and keys of each head are normalised by {@code rms_norm} (Henry et al., 2020), as Qwen 3's
 * @param epsilon of these normalisations
 * @param slidingWindow steps that a step sees, itself among them (Jiang et al., 2023, section 2), where causal; all before it if null
 * @param swapped layers in the place of its own, such as adapters, by the name of the part
 */
@Kind("grouped_query_attention")
public record GroupedQueryAttention(
        @Doc("Heads of queries.") int heads,

        @Doc("Heads of keys and values; as many as heads if null.") @Default("null") @Nullable
        Integer kvHeads,

        @Doc("Width of a head, even; features divided by heads if null.") @Default("null") @Nullable
        Integer headDim,

        @Doc("Whether a step sees only itself and those before it.") @Default("true")
        boolean causal,

        @Doc("Base of the wavelengths of rotary positions; 0 for none.") @Default("10000.0")
        double ropeTheta,

        @Doc("How positions stretch over a longer context.") @Default("null") @Nullable
        RopeScaling ropeScaling,

        @Doc("Dropout of the attention weights, in training.") @Default("0.0")
        double dropout,

        @Doc("Whether queries, keys and values add a bias.") @Default("false")
        boolean useBias,

        @Doc("Whether the last product adds a bias.") @Default("false")
        boolean useOutBias,

        @Doc("Whether queries and keys of each head are normalised.") @Default("false")
        boolean qkNorm,

        @Doc("Added to the mean square of these normalisations.") @Default("1.0e-6")
        double epsilon,

        @Doc("Steps that a step sees, itself among them; all before it if null.") @Default("null") @Nullable
        Integer slidingWindow,

        @Doc("Layers in the place of its own, by name: q_proj, k_proj, v_proj, o_proj, q_norm, k_norm.") @Default("{}")
        Map<String, Layer> swapped)
        implements Layer {
    private static final List<String> PARTS = List.of("q_proj", "k_proj", "v_proj", "o_proj", "q_norm", "k_norm");

    public GroupedQueryAttention {
        int groups = kvHeads == null ? heads : kvHeads;
        if (heads < 1 || groups < 1 || heads % groups != 0) {
            throw new InputException(
                    "grouped_query_attention: expected 1 or more heads that are a multiple of kv_heads," + " received "
                            + heads + " and " + kvHeads);
        }
        if (headDim != null && (headDim < 2 || headDim % 2 != 0)) {
            throw new InputException(
                    "grouped_query_attention.head_dim: expected an even width of 2 or more, received " + headDim);
        }
        if (!(dropout >= 0 && dropout < 1) || !(ropeTheta >= 0)) {
            throw new InputException(
                    "grouped_query_attention: expected a dropout from 0 to below 1 and a rope_theta of 0"
                            + " or more, received " + dropout + " and " + ropeTheta);
        }
        if (!(epsilon > 0)) {
            throw new InputException("grouped_query_attention: expected an epsilon above 0, received " + epsilon);
        }
        if (slidingWindow != null && (slidingWindow < 1 || !causal)) {
            throw new InputException("grouped_query_attention.sliding_window: expected 1 or more steps, and causal:"
                    + " true, received " + slidingWindow + " and causal: " + causal);
        }
        swapped = Swapped.checked("grouped_query_attention", swapped, PARTS);
    }

    /** One whose steps see all before them. */
    public GroupedQueryAttention(
            int heads,
            @Nullable Integer kvHeads,
            @Nullable Integer headDim,
            boolean causal,
            double ropeTheta,
            @Nullable RopeScaling ropeScaling,
            double dropout,
            boolean useBias,
            boolean useOutBias,
            boolean qkNorm,
            double epsilon,
            Map<String, Layer> swapped) {
        this(
                heads,
                kvHeads,
                headDim,
                causal,
                ropeTheta,
                ropeScaling,
                dropout,
                useBias,
                useOutBias,
                qkNorm,
                epsilon,
                null,
                swapped);
    }

    /** As Llama's: causal, without biases. */
    public static GroupedQueryAttention of(int heads, int kvHeads, double ropeTheta) {
        return new GroupedQueryAttention(
                heads, kvHeads, null, true, ropeTheta, null, 0, false, false, false, 1e-6, Map.of());
    }

    private int groups() {
        return kvHeads == null ? heads : kvHeads;
    }

    private int width(Shape input) {
        return headDim == null ? (int) input.size(1) / heads : headDim;
    }

    @Override
    public Specs outputs(Specs in) {
        Spec x = in.main();
        Shape shape = x.shape();
        boolean fits = shape.rank() == 2
                && shape.elements() > 0
                && (headDim != null || (shape.size(1) % heads == 0 && (ropeTheta == 0 || width(shape) % 2 == 0)));
        if (!fits) {
            throw new ShapeException("", "[T, D] with D a multiple of " + heads + " heads of even width", x);
        }
        Part.requireFit(parts(in));
        return Specs.of(x);
    }

    @Override
    public List<Part> parts(Specs in) {
        Spec x = in.main();
        int d = width(x.shape());
        List<Part> parts = new ArrayList<>();
        parts.add(new Part("q_proj", part("q_proj", heads * d, useBias), in));
        parts.add(new Part("k_proj", part("k_proj", groups() * d, useBias), in));
        parts.add(new Part("v_proj", part("v_proj", groups() * d, useBias), in));
        if (qkNorm) {
            parts.add(new Part("q_norm", norm("q_norm"), in.withMain(perHead(x, heads, d))));
            parts.add(new Part("k_norm", norm("k_norm"), in.withMain(perHead(x, groups(), d))));
        }
        Specs attended = in.withMain(wide(x, (long) heads * d));
        parts.add(new Part("o_proj", part("o_proj", (int) x.shape().size(1), useOutBias), attended));
        return parts;
    }

    private static Spec wide(Spec x, long width) {
        return new Spec(x.shape().with(1, width), x.dtype(), x.varying());
    }

    private static Spec perHead(Spec x, int heads, int d) {
        return new Spec(Shape.of(x.shape().size(0), heads, d), x.dtype(), x.varying());
    }

    private Layer part(String name, int width, boolean bias) {
        Layer other = swapped.get(name);
        return other != null ? other : LlamaBlock.dense(width, Activation.LINEAR, bias);
    }

    private Layer norm(String name) {
        Layer other = swapped.get(name);
        return other != null ? other : new RmsNorm(epsilon);
    }

    @Override
    public GroupedQueryAttention withPart(String path, Layer other) {
        return with(Swapped.with(swapped, path, other));
    }

    @Override
    public GroupedQueryAttention withOwnPart(String path) {
        return with(Swapped.without(swapped, path));
    }

    private GroupedQueryAttention with(Map<String, Layer> others) {
        return new GroupedQueryAttention(
                heads,
                kvHeads,
                headDim,
                causal,
                ropeTheta,
                ropeScaling,
                dropout,
                useBias,
                useOutBias,
                qkNorm,
                epsilon,
                slidingWindow,
                others);
    }

    @Override
    public Set<String> sides() {
        return Swapped.sides(
                swapped,
                ropeTheta > 0
                        ? Set.of(Masks.MASK, Masks.DOCUMENTS, Masks.POSITIONS)
                        : Set.of(Masks.MASK, Masks.DOCUMENTS));
    }

    @Override
    public boolean goesOn(Specs in) {
        return causal;
    }

    @Override
    public long flops(Specs in) {
        Shape x = in.main().shape();
        long steps = x.size(0);
        long wide = (long) heads * width(x);
        return Part.flops(parts(in)) + 4 * steps * steps * wide + turned(x) * 3;
    }

    /** Values that positions turn. */
    private long turned(Shape x) {
        return ropeTheta == 0 ? 0 : x.size(0) * (heads + groups()) * width(x);
    }

    @Override
    public List<Operation> work(Specs in, Compute how) {
        Shape x = in.main().shape();
        long steps = x.size(0);
        long wide = (long) heads * width(x);
        List<Part> parts = parts(in);
        int last = parts.size() - 1;
        List<Operation> work = new ArrayList<>(Cost.of(parts.subList(0, last), how));
        long turned = turned(x);
        if (turned > 0) {
            // Turned values in another order, their product, the other product and the sum.
            work.add(Operation.pass("rope", "add", turned, turned, Kept.values(4 * turned))
                    .withFlops(3 * turned));
        }
        boolean writtenOut = dropout > 0 || (how.bf16() && !how.gpu());
        if (groups() < heads && !writtenOut) {
            long repeated = 2 * steps * wide;
            work.add(Operation.pass("repeat", "add", repeated, repeated, Kept.values(repeated))
                    .withFlops(0));
        }
        boolean windowed = slidingWindow != null && slidingWindow < steps;
        if (in.has(Masks.MASK) || in.has(Masks.DOCUMENTS) || windowed) {
            work.add(AttentionWork.mask(steps, steps, causal, in.has(Masks.DOCUMENTS)));
        }
        work.add(AttentionWork.core(heads, dropout, steps, wide, how).within("core"));
        work.addAll(Cost.of(parts.subList(last, parts.size()), how));
        return work;
    }

    @Override
    public Network build(Specs in, Parameters into) {
        Map<String, Network> built = new LinkedHashMap<>();
        parts(in).forEach(part -> built.put(part.path(), into.build(part.path(), part.layer(), part.inputs())));
        int d = width(in.main().shape());
        return new Built(this, into.path(), d, Rope.of(d, ropeTheta, ropeScaling), built);
    }

    private record Built(GroupedQueryAttention layer, String path, int d, Rope rope, Map<String, Network> parts)
            implements Network {
        @Override
        public Tensors forward(Tensors xs, Pass pass) {
            Tensor x = xs.main();
            Tensor q = heads("q_proj", layer.heads, xs, pass);
            Tensor k = heads("k_proj", layer.groups(), xs, pass);
            Tensor v = heads("v_proj", layer.groups(), xs, pass);
            if (layer.qkNorm) {
                q = part("q_norm").forward(xs.withMain(q), pass).main();
                k = part("k_norm").forward(xs.withMain(k), pass).main();
            }
            if (layer.ropeTheta > 0) {
                Rotary rotary = rope.turns(xs, pass, x.size(1));
                q = rotary.turn(q);
                k = rotary.turn(k);
            }
            KeyCache all = KeyCache.of(pass, path, xs, k.transpose(1, 2), v.transpose(1, 2));
            Tensor y = Attentions.windowed(
                    q.transpose(1, 2),
                    all.keys(),
                    all.values(),
                    all.mask(),
                    layer.causal,
                    layer.slidingWindow == null ? Integer.MAX_VALUE : layer.slidingWindow,
                    pass.training() ? layer.dropout : 0);
            Tensor joined = y.transpose(1, 2).reshape(x.size(0), x.size(1), (long) layer.heads * d);
            return Tensors.of(part("o_proj").forward(xs.withMain(joined), pass).main());
        }

        /** {@code [N, T, heads, d]}. */
        private Tensor heads(String name, int heads, Tensors xs, Pass pass) {
            Tensor wide = part(name).forward(xs, pass).main();
            return wide.view(wide.size(0), wide.size(1), heads, d);
        }

        private Network part(String name) {
            return Objects.requireNonNull(parts.get(name), name);
        }
    }
}
