package dev.jumbo.tensor;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import java.util.ArrayList;
import java.util.List;

/**
 * What a tensor of one example is: its shape, the type of its elements, and which of its sizes are not the same in every
 * example or batch. Where a size varies, the shape has the usual or the largest one: what plans count with.
 *
 * @param shape of one example, without the batch
 * @param dtype of the elements; floating types stand for whatever floating type the model computes in
 * @param varying dimensions of {@code shape}, from 0, whose size may be another, ascending; none if left out
 */
public record Spec(
        @Doc("Shape of one example.") Shape shape,
        @Doc("Type of the elements.") @Default("float32") DType dtype,

        @Doc("Dimensions whose size may be another, from 0.") @Default("[]")
        List<Integer> varying) {
    /** @throws IllegalArgumentException if a varying dimension is none of the shape's */
    public Spec {
        varying = varying.stream().distinct().sorted().toList();
        for (int dim : varying) {
            if (dim < 0 || dim >= shape.rank()) {
                throw new IllegalArgumentException("the shape " + shape + " has no dimension " + dim);
            }
        }
    }

    /** A tensor of one size. */
    public static Spec of(Shape shape, DType dtype) {
        return new Spec(shape, dtype, List.of());
    }

    /** Numbers. */
    public static Spec floats(long... shape) {
        return of(Shape.of(shape), DType.FLOAT32);
    }

    /** Ids, such as those of tokens. */
    public static Spec ids(long... shape) {
        return of(Shape.of(shape), DType.INT64);
    }

    /** The same with a dimension whose size may be another. */
    public Spec varying(int dim) {
        List<Integer> more = new ArrayList<>(varying);
        more.add(dim);
        return new Spec(shape, dtype, more);
    }

    /** Whether a size may be another. */
    public boolean varies() {
        return !varying.isEmpty();
    }

    /** Whether one size may be another. @param dim from 0 */
    public boolean varies(int dim) {
        return varying.contains(dim);
    }

    /** The same type in another shape, all of whose sizes are fixed. */
    public Spec with(Shape other) {
        return new Spec(other, dtype, List.of());
    }

    /** Whether it holds ids rather than numbers. */
    public boolean isIds() {
        return !dtype.isFloating() && dtype != DType.BOOL;
    }

    /** Whether a tensor's shape without its batch is one of those that this allows. */
    public boolean allows(Shape example) {
        if (example.rank() != shape.rank()) {
            return false;
        }
        for (int dim = 0; dim < shape.rank(); dim++) {
            if (example.size(dim) != shape.size(dim) && !varies(dim)) {
                return false;
            }
        }
        return true;
    }

    /** As in {@code [512*, 64]}, where a star marks a size that varies. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (int dim = 0; dim < shape.rank(); dim++) {
            text.append(dim == 0 ? "" : ", ").append(shape.size(dim)).append(varies(dim) ? "*" : "");
        }
        text.append(']');
        return dtype == DType.FLOAT32 ? text.toString() : text + " " + dtype;
    }
}
