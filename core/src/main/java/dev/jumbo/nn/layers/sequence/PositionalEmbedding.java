package dev.jumbo.nn.layers.sequence;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Initializer;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.SidedLayer;
import dev.jumbo.nn.each.Lookups;
import dev.jumbo.nn.each.Rows;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds a learned vector for each position: {@code [T, D]} stays {@code [T, D]} (Gehring et al., 2017, section 3.1).
 * Parameter {@code weight [maxLength, D]}. Reads the side input {@code positions}; without it positions count from 0, or on from what
 * a {@link dev.jumbo.nn.Cache} has kept.
 *
 * @param maxLength positions that have a vector, at least T
 * @param embeddingsInitializer first values; by default GPT-2's, normal with the standard deviation 0.02
 */
@Kind("positional_embedding")
public record PositionalEmbedding(
        @Doc("Positions that have a vector.") int maxLength,

        @Doc("First values of the vectors.") @Default("{random_normal: {stddev: 0.02}}")
        Initializer embeddingsInitializer)
        implements SidedLayer {
    public PositionalEmbedding {
        if (maxLength < 1) {
            throw new InputException("positional_embedding: expected a max_length of 1 or more, received " + maxLength);
        }
    }

    public static PositionalEmbedding of(int maxLength) {
        return new PositionalEmbedding(maxLength, Initializers.randomNormal(0.02));
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 2 || input.size(0) > maxLength) {
            throw new ShapeException("", "[T, D] with T up to " + maxLength, input);
        }
        return input;
    }

    @Override
    public long flops(Shape input) {
        return input.elements();
    }

    @Override
    public boolean ignoresPadding(Shape input) {
        return true;
    }

    @Override
    public Set<String> sides() {
        return Set.of(Masks.POSITIONS);
    }

    @Override
    public Network build(Specs in, Parameters into) {
        Shape table = Shape.of(maxLength, in.main().shape().size(1));
        Parameter weight = into.weight("weight", table, embeddingsInitializer).asTable();
        String path = into.path();
        return (xs, pass) -> {
            long steps = xs.main().size(1);
            @Nullable Tensor given = Positions.given(xs, steps);
            if (given != null) {
                return Tensors.of(at(given, xs.main(), pass, weight, path));
            }
            long first = Positions.first(pass);
            requirePosition(first + steps - 1, path);
            return Tensors.of(pass.perExample(
                    xs.main().add(weight.tensor().narrow(0, first, steps)),
                    (gradient, each) -> each.add(weight, Rows.first(gradient, weight.shape()))));
        };
    }

    private Tensor at(Tensor positions, Tensor x, Pass pass, Parameter weight, String path) {
        if (positions.elements() > 0) {
            requirePosition((long) positions.min().item(), path);
            requirePosition((long) positions.max().item(), path);
        }
        return pass.perExample(
                x.add(Functional.embedding(positions, weight.tensor(), -1)),
                (gradient, each) -> each.add(weight, Lookups.of(gradient, positions, maxLength, -1)));
    }

    private void requirePosition(long position, String path) {
        if (position < 0 || position >= maxLength) {
            throw new ShapeException(path, "positions from 0 to " + (maxLength - 1), position);
        }
    }
}
