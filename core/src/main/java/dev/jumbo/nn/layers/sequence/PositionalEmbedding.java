package dev.jumbo.nn.layers.sequence;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Initializer;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.each.Rows;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;

/**
 * Adds a learned vector for each position: {@code [T, D]} stays {@code [T, D]} (Gehring et al., 2017, section 3.1).
 * Parameter {@code weight [maxLength, D]}.
 *
 * @param maxLength positions that have a vector, at least T
 * @param embeddingsInitializer first values; by default GPT-2's, normal with the standard deviation 0.02
 */
@Kind("positional_embedding")
public record PositionalEmbedding(
        @Doc("Positions that have a vector.") int maxLength,

        @Doc("First values of the vectors.") @Default("{random_normal: {stddev: 0.02}}")
        Initializer embeddingsInitializer)
        implements UnaryLayer {
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
    public UnaryNetwork build(Shape input, Parameters into) {
        Parameter weight = into.weight("weight", Shape.of(maxLength, input.size(1)), embeddingsInitializer);
        return (x, pass) -> pass.perExample(
                x.add(weight.tensor().narrow(0, 0, x.size(1))),
                (gradient, each) -> each.add(weight, Rows.first(gradient, weight.shape())));
    }
}
