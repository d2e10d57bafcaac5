package dev.jumbo.nn;

import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import java.util.List;

/**
 * What a layer is, before a byte is allocated: an immutable record that {@code model.json} holds. Shapes are those of
 * one example, without the batch dimension.
 *
 * <p>A layer with one input and one output implements the three abstract methods; one with several inputs or outputs
 * overrides {@link #outputShapes}, {@link #flops(List)} and {@link #build(List, Parameters)} and lets the single forms refuse.
 */
public interface Layer {
    /** The output's shape for an input's. @throws ShapeException if the input does not fit */
    Shape outputShape(Shape input);

    /** Floating-point operations of the forward pass for one example; a multiply-add counts as two. */
    default long flops(Shape input) {
        return 0;
    }

    /** Reserves the layer's slots and returns what computes with them. Allocates nothing. */
    Network build(Shape input, Parameters into);

    /**
     * Which of its outputs hold ids (INT64), such as those of tokens, given which of its inputs do. Most layers take numbers
     * alone; of a layer of the user's own nothing is known.
     *
     * @throws ShapeException if it does not take ids
     */
    default List<Boolean> ids(List<Boolean> inputs) {
        if (inputs.contains(true) && getClass().getPackageName().startsWith("dev.jumbo.nn.layers")) {
            throw new ShapeException(
                    "",
                    "numbers (FLOAT32)",
                    "ids (INT64); put an embedding first, or make the input one of numbers (Field.floats)");
        }
        return List.of(false);
    }

    /** As {@link #outputShape}, for any number of inputs and outputs. */
    default List<Shape> outputShapes(List<Shape> inputs) {
        return List.of(outputShape(only(inputs)));
    }

    /** As {@link #flops(Shape)}, for any number of inputs. */
    default long flops(List<Shape> inputs) {
        return flops(only(inputs));
    }

    /** As {@link #build(Shape, Parameters)}, for any number of inputs. */
    default Network build(List<Shape> inputs, Parameters into) {
        return build(only(inputs), into);
    }

    /**
     * The layers inside a container, in the order in which they run, for a summary; none for a layer that is not one.
     *
     * @param inputs the container's inputs
     */
    default List<Part> parts(List<Shape> inputs) {
        return List.of();
    }

    /**
     * A layer inside a container.
     *
     * @param path its name below the container: {@code layers.0}
     * @param inputs what it receives
     */
    record Part(String path, Layer layer, List<Shape> inputs) {
        /** FLOPs of a container: those of its parts. */
        public static long flops(List<Part> parts) {
            return parts.stream().mapToLong(p -> p.layer().flops(p.inputs())).sum();
        }
    }

    private static Shape only(List<Shape> inputs) {
        if (inputs.size() != 1) {
            throw new ShapeException("", "one input", inputs.size() + " inputs " + inputs);
        }
        return inputs.get(0);
    }
}
