package dev.jumbo.nn.layers.encoder;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Cost;
import dev.jumbo.nn.Initializer;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.sequence.LayerNorm;
import dev.jumbo.nn.layers.sequence.Positions;
import dev.jumbo.nn.layers.sequence.Swapped;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.DType;
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
 * BERT's embeddings (Devlin et al., 2019, section 3.2): the vectors of a token, of its position and of its type are added and
 * normalised. Ids {@code [T]} become {@code [T, D]}. Parameters {@code word_embeddings.weight}, {@code position_embeddings.weight},
 * {@code token_type_embeddings.weight}, {@code LayerNorm.*}.
 *
 * <p>Reads the side inputs {@code token_type_ids}, INT64 {@code [T]}, all 0 where it is not given, and {@code positions}.
 *
 * @param vocabulary number of tokens
 * @param width D
 * @param maxLength positions that have a vector
 * @param types types of tokens, such as the first and second text; 0 for none
 * @param paddingIdx id that fills up short texts, whose vector is not trained by being looked up; or null
 * @param positionsBehindPadding whether positions are those of RoBERTa (Liu et al., 2019): a token's is {@code paddingIdx} plus how
 *     many tokens that are no padding there are up to it, padding's is {@code paddingIdx}; so texts have up to {@code maxLength -
 *     paddingIdx - 1} tokens. Else they count from 0
 * @param epsilon of the normalisation
 * @param embeddingsInitializer first values of the vectors
 * @param swapped layers in the place of its own, such as adapters, by the name of the part
 */
@Kind("token_embeddings")
public record TokenEmbeddings(
        @Doc("Number of tokens.") int vocabulary,
        @Doc("Length of each vector.") int width,
        @Doc("Positions that have a vector.") int maxLength,
        @Doc("Types of tokens; 0 for none.") @Default("2") int types,

        @Doc("Id that fills up short texts.") @Default("null") @Nullable
        Integer paddingIdx,

        @Doc("Whether positions count tokens that are no padding, from padding_idx + 1 on, as RoBERTa's.")
        @Default("false")
        boolean positionsBehindPadding,

        @Doc("Added to the variance of the normalisation.") @Default("1.0e-12")
        double epsilon,

        @Doc("First values of the vectors.") @Default("{random_normal: {stddev: 0.02}}")
        Initializer embeddingsInitializer,

        @Doc("Layers in the place of its own, by name.") @Default("{}")
        Map<String, Layer> swapped)
        implements Layer {
    /** The side input of types: {@code [N, T]}, INT64. */
    public static final String TYPES = "token_type_ids";

    private static final String KIND = "token_embeddings";
    private static final String WORD = "word_embeddings";
    private static final String POSITION = "position_embeddings";
    private static final String TYPE = "token_type_embeddings";
    private static final String NORM = "LayerNorm";

    public TokenEmbeddings {
        if (vocabulary < 1 || width < 1 || maxLength < 1 || types < 0) {
            throw new InputException(
                    KIND + ": expected a vocabulary, width and max_length of 1 or more and 0 or more types,"
                            + " received " + vocabulary + ", " + width + ", " + maxLength + " and " + types);
        }
        if (positionsBehindPadding && (paddingIdx == null || paddingIdx + 1 >= maxLength)) {
            throw new InputException(
                    KIND + ": expected a padding_idx below max_length - 1 for positions behind it, received "
                            + paddingIdx + " and " + maxLength);
        }
        swapped = Swapped.checked(KIND, swapped, List.of(WORD, POSITION, TYPE, NORM));
    }

    /** The longest text. */
    public int longest() {
        return positionsBehindPadding && paddingIdx != null ? maxLength - paddingIdx - 1 : maxLength;
    }

    @Override
    public Specs outputs(Specs in) {
        Spec ids = in.main();
        if (ids.shape().rank() != 1 || ids.shape().size(0) > longest()) {
            throw new ShapeException("", "ids [T] with T up to " + longest(), ids);
        }
        if (in.has(TYPES) && !in.require(TYPES).shape().equals(ids.shape())) {
            throw new ShapeException(TYPES, "INT64 " + ids.shape(), in.require(TYPES));
        }
        if (in.has(TYPES) && types == 0) {
            throw new ShapeException(TYPES, "none, as the model has no types of tokens", in.require(TYPES));
        }
        return Specs.of(vectors(ids));
    }

    private Spec vectors(Spec ids) {
        Spec made = Spec.floats(ids.shape().size(0), width);
        return ids.varies(0) ? made.varying(0) : made;
    }

    @Override
    public List<Part> parts(Specs in) {
        List<Part> parts = new ArrayList<>();
        Specs ids =
                in.withMain(new Spec(in.main().shape(), DType.INT64, in.main().varying()));
        parts.add(part(WORD, new Embedding(vocabulary, width, paddingIdx, embeddingsInitializer), in));
        @Nullable Integer behind = positionsBehindPadding ? paddingIdx : null;
        parts.add(part(POSITION, new Embedding(maxLength, width, behind, embeddingsInitializer), ids));
        if (types > 0) {
            parts.add(part(TYPE, new Embedding(types, width, null, embeddingsInitializer), ids));
        }
        parts.add(part(NORM, new LayerNorm(epsilon), in.withMain(vectors(in.main()))));
        return parts;
    }

    private Part part(String name, Layer own, Specs in) {
        return new Part(name, swapped.getOrDefault(name, own), in);
    }

    @Override
    public TokenEmbeddings withPart(String path, Layer other) {
        return with(Swapped.with(swapped, path, other));
    }

    @Override
    public TokenEmbeddings withOwnPart(String path) {
        return with(Swapped.without(swapped, path));
    }

    private TokenEmbeddings with(Map<String, Layer> others) {
        return new TokenEmbeddings(
                vocabulary,
                width,
                maxLength,
                types,
                paddingIdx,
                positionsBehindPadding,
                epsilon,
                embeddingsInitializer,
                others);
    }

    @Override
    public Set<String> sides() {
        return Swapped.sides(swapped, Set.of(TYPES, Masks.POSITIONS));
    }

    @Override
    public long flops(Specs in) {
        return Part.flops(parts(in)) + 2 * in.main().shape().size(0) * width;
    }

    @Override
    public List<Operation> work(Specs in, Compute how) {
        long values = in.main().shape().size(0) * width;
        List<Operation> work = new ArrayList<>();
        for (Part part : parts(in)) {
            work.addAll(Cost.of(part, how));
            if (part.path().equals(POSITION) || part.path().equals(TYPE)) {
                work.add(Operation.pass("", "add", values, values, Kept.values(values)));
            }
        }
        return work;
    }

    @Override
    public Network build(Specs in, Parameters into) {
        Map<String, Network> built = new LinkedHashMap<>();
        parts(in).forEach(part -> built.put(part.path(), into.build(part.path(), part.layer(), part.inputs())));
        return new Built(this, into.path(), built);
    }

    private record Built(TokenEmbeddings layer, String path, Map<String, Network> parts) implements Network {
        @Override
        public Tensors forward(Tensors xs, Pass pass) {
            Tensor ids = xs.main();
            Tensor x = run(WORD, ids, xs, pass);
            x = x.add(run(POSITION, positions(xs, pass), xs, pass));
            if (layer.types > 0) {
                @Nullable Tensor given = xs.get(TYPES);
                Tensor type =
                        given == null ? Tensor.zeros(ids.shape(), DType.INT64).to(ids.device()) : given;
                x = x.add(run(TYPE, type, xs, pass));
            }
            return Tensors.of(run(NORM, x, xs, pass));
        }

        private Tensor run(String name, Tensor x, Tensors xs, Pass pass) {
            return Objects.requireNonNull(parts.get(name), name)
                    .forward(xs.withMain(x), pass)
                    .main();
        }

        /** {@code [N, T]}. */
        private Tensor positions(Tensors xs, Pass pass) {
            Tensor ids = xs.main();
            @Nullable Integer padding = layer.paddingIdx;
            if (!layer.positionsBehindPadding || padding == null || xs.has(Masks.POSITIONS)) {
                Tensor positions = Positions.of(xs, pass, ids.size(1));
                return positions.rank() == 2
                        ? positions
                        : positions
                                .unsqueeze(0)
                                .expand(ids.size(0), ids.size(1))
                                .contiguous();
            }
            if (Positions.first(pass) > 0) {
                throw new InputException(
                        path + ": expected the side input positions behind the steps of a cache, as these"
                                + " positions count the tokens before them, which it does not keep; give positions");
            }
            long[] tokens = ids.to(DType.INT64).toLongs();
            long steps = ids.size(1);
            long count = 0;
            for (int i = 0; i < tokens.length; i++) {
                count = i % steps == 0 ? 0 : count;
                boolean real = tokens[i] != padding;
                count += real ? 1 : 0;
                tokens[i] = padding + (real ? count : 0);
            }
            return Tensor.of(tokens, ids.shape()).to(ids.device());
        }
    }
}
