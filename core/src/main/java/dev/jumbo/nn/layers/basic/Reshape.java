package dev.jumbo.nn.layers.basic;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import java.util.List;

/**
 * The same values, in row-major order, in another shape.
 *
 * @param targetShape without the batch; one size may be -1, for what is left
 */
@Kind("reshape")
public record Reshape(
        @Doc("Sizes without the batch; one may be -1 for the rest.")
        List<Integer> targetShape) implements UnaryLayer {
    public Reshape {
        targetShape = List.copyOf(targetShape);
        if (targetShape.stream().anyMatch(s -> s < 1 && s != -1)
                || targetShape.stream().filter(s -> s == -1).count() > 1) {
            throw new InputException(
                    "reshape: expected sizes of 1 or more, at most one of them -1, received " + targetShape);
        }
    }

    public static Reshape of(Integer... targetShape) {
        return new Reshape(List.of(targetShape));
    }

    @Override
    public Shape outputShape(Shape input) {
        long known = targetShape.stream().filter(s -> s != -1).mapToLong(s -> s).reduce(1, Math::multiplyExact);
        boolean open = targetShape.contains(-1);
        if (open ? input.elements() % known != 0 : input.elements() != known) {
            throw new ShapeException("", (open ? "a multiple of " : "") + known + " values for " + targetShape, input);
        }
        return Shape.of(targetShape.stream()
                .mapToLong(s -> s == -1 ? input.elements() / known : s)
                .toArray());
    }

    @Override
    public long flops(Shape input) {
        return 0;
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        return List.of(Operation.pass("", "view", 0, 0, Kept.NOTHING));
    }

    @Override
    public DType outputType(DType input) {
        return input;
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        Shape output = outputShape(input);
        return (x, pass) -> x.reshape(output.prepend(x.size(0)).toArray());
    }
}
