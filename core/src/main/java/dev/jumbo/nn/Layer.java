package dev.jumbo.nn;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Specs;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a layer is, before a byte is allocated: an immutable record that {@code model.json} holds. It takes named tensors and
 * makes named tensors, see {@link Specs}; shapes are those of one example, without the batch dimension.
 *
 * <p>A layer with one input and one output is a {@link UnaryLayer}, which is less to write. A container holds other layers: it
 * lists them in {@link #parts} and builds them by {@link Parameters#build}, so that each can be reached by its path, swapped for
 * another and listened to.
 */
public interface Layer {
    /** What it makes of what it is given. What it does not change is not repeated. @throws ShapeException if an input does not fit */
    Specs outputs(Specs in);

    /** Floating-point operations of the forward pass for one example; a multiply-add counts as two. */
    long flops(Specs in);

    /** What the engine runs and keeps for one example, in order, with paths as seen from this layer. Parameters are counted by {@link Cost}. */
    List<Operation> work(Specs in, Compute how);

    /** Reserves the layer's slots and returns what computes with them. Allocates nothing. */
    Network build(Specs in, Parameters into);

    /** The layers inside a container, in the order in which they run; none for a layer that is not one. */
    default List<Part> parts(Specs in) {
        return List.of();
    }

    /**
     * This container with another layer in the place of one of its {@link #parts}. {@link Parts#swap} reaches any depth.
     *
     * @param path of the part, as {@link #parts} gives it
     * @throws InputException if it has no such part
     */
    default Layer withPart(String path, Layer other) {
        throw new InputException(getClass().getSimpleName() + " has no part \"" + path + "\"");
    }

    /** A block that describes its parts itself, with its own one at a path again; a container of layers that it was given as it is. */
    default Layer withOwnPart(String path) {
        return this;
    }

    /**
     * Whether its parts may be blocks of a divided model, see {@link Division}: a container that builds them by {@link
     * Parameters#buildRow} or {@link Parameters#buildNode}. Any other layer is a block, or part of one, as a whole.
     */
    default boolean divides() {
        return false;
    }

    /** Names of side inputs that it reads where they are given, such as {@code mask}; a container's are those of its parts. */
    default Set<String> sides() {
        return Set.of();
    }

    /** Names of what is given that it reads at all: the main one and {@link #sides}. The rest rides along, or is an error of the caller's. */
    default Set<String> reads(Specs in) {
        Set<String> read = new LinkedHashSet<>(sides());
        read.retainAll(in.names());
        read.add(in.mainName());
        return read;
    }

    /**
     * Whether it can go on from the steps that a {@link Cache} has kept: each step is computed from itself alone, or from itself and
     * those before it, which it keeps there. A pass with a cache is refused for a model with another layer inside.
     */
    default boolean goesOn(Specs in) {
        return !parts(in).isEmpty();
    }

    /** Whether it computes each step of {@code [T, ...]} from that step alone, and gives as many: such a layer can be given some of them. */
    default boolean eachStepAlone() {
        return false;
    }

    /** Whether it runs once for a {@link Cache}, which keeps what it made of the whole of its input; its parts need not go on then. */
    default boolean runsOnce() {
        return false;
    }

    /** The input whose steps a {@link Cache} counts: the main one, unless a model makes its steps of another. */
    default String counted(Specs in) {
        return in.mainName();
    }

    /** As {@link #outputs}, of one input of numbers. */
    default Shape outputShape(Shape input) {
        return outputs(Specs.of(input)).only().shape();
    }

    /** As {@link #flops(Specs)}, of one input of numbers. */
    default long flops(Shape input) {
        return flops(Specs.of(input));
    }

    /** As {@link #build(Specs, Parameters)}, of one input of numbers. */
    default Network build(Shape input, Parameters into) {
        return build(Specs.of(input), into);
    }

    /**
     * A layer inside a container.
     *
     * @param path its name below the container: {@code layers.0}
     * @param inputs what it receives
     */
    record Part(String path, Layer layer, Specs inputs) {
        /** FLOPs of a container: those of its parts. */
        public static long flops(List<Part> parts) {
            return parts.stream().mapToLong(p -> p.layer().flops(p.inputs())).sum();
        }

        /** @throws ShapeException if a layer does not take what it receives, with its path */
        public static void requireFit(List<Part> parts) {
            for (Part part : parts) {
                try {
                    part.layer().outputs(part.inputs());
                } catch (ShapeException e) {
                    throw e.within(part.path());
                }
            }
        }
    }
}
