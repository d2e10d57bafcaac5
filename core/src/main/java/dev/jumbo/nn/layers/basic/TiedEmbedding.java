package dev.jumbo.nn.layers.basic;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.each.Lookups;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A vector for each id from the table of an earlier {@link Embedding}, as where an encoder and a decoder have one vocabulary: whole
 * numbers {@code [...]} become {@code [..., outputDim]}. Its own name for the table is {@code weight}; it is saved once, and its
 * gradient is the sum of all uses.
 *
 * @param inputDim number of ids
 * @param outputDim length of a vector
 * @param of the table's path, as seen from a container that both layers are in
 * @param paddingIdx an id whose vector is not trained by this use, or null
 */
@Kind("tied_embedding")
public record TiedEmbedding(
        @Doc("Number of ids: the size of the vocabulary.") int inputDim,
        @Doc("Length of each vector.") int outputDim,

        @Doc("Path of the table that is shared.") @Default("layers.0.weight")
        String of,

        @Doc("Id whose vector is not trained by this use.") @Default("null") @Nullable
        Integer paddingIdx)
        implements UnaryLayer {
    public TiedEmbedding {
        if (inputDim < 1 || outputDim < 1 || of.isBlank()) {
            throw new InputException(
                    "tied_embedding: expected 1 or more ids and values and the path of a table, received " + inputDim
                            + ", " + outputDim + " and \"" + of + "\"");
        }
        if (paddingIdx != null && (paddingIdx < 0 || paddingIdx >= inputDim)) {
            throw new InputException(
                    "tied_embedding: expected a padding_idx from 0 to " + (inputDim - 1) + ", received " + paddingIdx);
        }
    }

    private Embedding alone() {
        return Embedding.of(inputDim, outputDim);
    }

    @Override
    public Shape outputShape(Shape input) {
        return alone().outputShape(input);
    }

    @Override
    public long flops(Shape input) {
        return 0;
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        return alone().work(input, how);
    }

    @Override
    public DType outputType(DType input) {
        return DType.FLOAT32;
    }

    @Override
    public boolean ignoresPadding(Shape input) {
        return true;
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        Parameter table = into.tied("weight", of, Shape.of(inputDim, outputDim));
        EmbeddingIds ids = new EmbeddingIds(inputDim, into.path().isEmpty() ? "tied_embedding" : into.path());
        long padding = paddingIdx == null ? -1 : paddingIdx;
        return (x, pass) -> {
            var known = ids.of(x);
            return pass.perExample(
                    Functional.embedding(known, table.tensor(), padding),
                    (gradient, each) -> each.add(table, Lookups.of(gradient, known, inputDim, padding)));
        };
    }
}
