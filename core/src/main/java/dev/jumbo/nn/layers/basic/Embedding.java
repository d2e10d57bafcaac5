package dev.jumbo.nn.layers.basic;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Initializer;
import dev.jumbo.nn.Initializer.Fans;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layout;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.each.Lookups;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A vector for each id: whole numbers {@code [...]} from 0 to below {@code inputDim} become {@code [..., outputDim]}.
 * Parameter {@code weight [inputDim, outputDim]}, as PyTorch's {@code Embedding}.
 *
 * @param inputDim number of ids: the size of the vocabulary
 * @param outputDim length of a vector
 * @param paddingIdx an id whose vector is zero at first and is not trained, or null
 * @param embeddingsInitializer first values; by default Keras's, uniform from -0.05 to 0.05
 */
@Kind("embedding")
public record Embedding(
        @Doc("Number of ids: the size of the vocabulary.") int inputDim,
        @Doc("Length of each vector.") int outputDim,

        @Doc("Id whose vector stays zero.") @Default("null") @Nullable
        Integer paddingIdx,

        @Doc("First values of the vectors.") @Default("random_uniform")
        Initializer embeddingsInitializer)
        implements UnaryLayer {
    public Embedding {
        if (inputDim < 1 || outputDim < 1) {
            throw new InputException("embedding: expected 1 or more ids and values, received " + inputDim + " ids, "
                    + outputDim + " values");
        }
        if (paddingIdx != null && (paddingIdx < 0 || paddingIdx >= inputDim)) {
            throw new InputException(
                    "embedding: expected a padding_idx from 0 to " + (inputDim - 1) + ", received " + paddingIdx);
        }
    }

    public static Embedding of(int inputDim, int outputDim) {
        return new Embedding(inputDim, outputDim, null, new Initializers.RandomUniform(-0.05, 0.05));
    }

    @Override
    public Shape outputShape(Shape input) {
        long[] sizes = Arrays.copyOf(input.toArray(), input.rank() + 1);
        sizes[input.rank()] = outputDim;
        return Shape.of(sizes);
    }

    @Override
    public long flops(Shape input) {
        return 0;
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        long values = outputShape(input).elements();
        return List.of(Operation.pass("", "embedding", values, values, Kept.values(values))
                .withFlops(0));
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
        Shape shape = Shape.of(inputDim, outputDim);
        Parameter weight = into.weight("weight", shape, this::initialize, new Fans(inputDim, outputDim), Layout.PLAIN)
                .asTable();
        EmbeddingIds known = new EmbeddingIds(inputDim, into.path().isEmpty() ? "embedding" : into.path());
        long padding = paddingIdx == null ? -1 : paddingIdx;
        return (x, pass) -> {
            Tensor ids = known.of(x);
            return pass.perExample(
                    Functional.embedding(ids, weight.tensor(), padding),
                    (gradient, each) -> each.add(weight, Lookups.of(gradient, ids, inputDim, padding)));
        };
    }

    private void initialize(Tensor table, Fans fans) {
        embeddingsInitializer.fill(table, fans);
        if (paddingIdx != null) {
            table.select(0, paddingIdx).zero_();
        }
    }
}
