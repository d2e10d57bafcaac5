package dev.jumbo.nn;

import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Spec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which sizes of a layer's output vary because sizes of its input do: found by asking it about another size. */
final class Varying {
    private Varying() {}

    /** @throws ShapeException if the layer has other parameters, or no output, for another size */
    static Spec output(UnaryLayer layer, Spec in, Shape shape, DType type) {
        Spec out = Spec.of(shape, type);
        for (int dim : in.varying()) {
            Shape other = other(layer, in, dim);
            if (!parameters(layer, in.shape()).equals(parameters(layer, other))) {
                throw new ShapeException(
                        "", "a fixed size in the dimension " + dim + ", which its parameters have", in);
            }
            Shape made = layer.outputShape(other);
            if (made.rank() != shape.rank()) {
                throw new ShapeException("", "a fixed size in the dimension " + dim, in);
            }
            for (int at = 0; at < shape.rank(); at++) {
                out = made.size(at) == shape.size(at) ? out : out.varying(at);
            }
        }
        return out;
    }

    /** Another size that the layer takes: less by one, or more where that is too little. */
    private static Shape other(UnaryLayer layer, Spec in, int dim) {
        long size = in.shape().size(dim);
        for (long step : new long[] {-1, 1, -2, 2, -4, 4, -8, 8}) {
            @Nullable Shape other = size + step > 0 ? in.shape().with(dim, size + step) : null;
            if (other != null && differs(layer, in.shape(), other)) {
                return other;
            }
        }
        // The size makes no difference, as behind a mean over all steps.
        for (long step : new long[] {-1, 1}) {
            if (size + step > 0 && takes(layer, in.shape().with(dim, size + step))) {
                return in.shape().with(dim, size + step);
            }
        }
        throw new ShapeException("", "the size " + size + " in the dimension " + dim + " and no other", in);
    }

    private static boolean differs(UnaryLayer layer, Shape described, Shape other) {
        return takes(layer, other) && !layer.outputShape(other).equals(layer.outputShape(described));
    }

    private static boolean takes(UnaryLayer layer, Shape shape) {
        try {
            layer.outputShape(shape);
            return true;
        } catch (ShapeException e) {
            return false;
        }
    }

    private static List<String> parameters(UnaryLayer layer, Shape shape) {
        Parameters slots = Parameters.ofPart();
        layer.build(shape, slots);
        return slots.all().stream().map(p -> p.name() + p.shape()).toList();
    }
}
