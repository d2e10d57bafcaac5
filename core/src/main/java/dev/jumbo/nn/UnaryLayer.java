package dev.jumbo.nn;

import dev.jumbo.config.ForeignKinds;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import java.util.List;

/**
 * A layer that takes one tensor and makes one: most layers. It says its output's shape, its cost, and builds what computes;
 * types, sizes that vary and padding follow from that and from {@link #outputType} and {@link #ignoresPadding}.
 *
 * <pre>{@code
 * @Kind("scaled")
 * public record Scaled(@Doc("Factor of every value.") @Default("2.0") double factor) implements UnaryLayer {
 *     public Shape outputShape(Shape input) { return input; }
 *     public long flops(Shape input) { return input.elements(); }
 *     public boolean ignoresPadding(Shape input) { return true; }
 *     public UnaryNetwork build(Shape input, Parameters into) { return (x, pass) -> x.mul(factor); }
 * }
 * }</pre>
 */
public interface UnaryLayer extends Layer {
    /** The output's shape for an input's, without the batch. @throws ShapeException if the input does not fit */
    @Override
    Shape outputShape(Shape input);

    /** Floating-point operations of the forward pass for one example; a multiply-add counts as two. 0 if it only moves values. */
    @Override
    long flops(Shape input);

    /** Reserves the layer's slots and returns what computes with them. Allocates nothing. */
    @Override
    UnaryNetwork build(Shape input, Parameters into);

    /**
     * The type of the output for the input's. Numbers alone are taken unless a layer says otherwise, as an embedding does.
     *
     * @throws ShapeException if it does not take such a type
     */
    default DType outputType(DType input) {
        if (!input.isFloating()) {
            throw new ShapeException(
                    "",
                    "numbers (FLOAT32)",
                    "ids (" + input
                            + "); put an embedding first, or make the input one of numbers (Field.floats; in a file of arrays, float32)");
        }
        return input;
    }

    /**
     * Whether padding behind a sequence {@code [T, ...]} changes nothing of what is made of the steps before it, as each is computed
     * from itself, or from itself and those before it. Another layer refuses padded sequences unless it reads the side input
     * {@code mask}. One that computes steps from those before them says in {@link #goesOn} whether it keeps these in a cache.
     */
    default boolean ignoresPadding(Shape input) {
        return false;
    }

    @Override
    default boolean goesOn(Specs in) {
        return ignoresPadding(in.main().shape());
    }

    /** One pass over memory that keeps its result; a layer that keeps more, or multiplies matrices, says so. */
    default List<Operation> work(Shape input, Compute how) {
        long out = outputShape(input).elements();
        return List.of(Operation.pass("", "add", input.elements(), out, Kept.values(out))
                .withFlops(flops(input)));
    }

    @Override
    default Specs outputs(Specs in) {
        Spec x = in.main();
        DType type = outputType(x.dtype());
        Shape shape = ForeignKinds.given(outputShape(x.shape()), this, "outputShape");
        if (!x.varies()) {
            return Specs.of(Spec.of(shape, type));
        }
        if (in.has(Masks.MASK) && !ignoresPadding(x.shape()) && !sides().contains(Masks.MASK)) {
            throw new ShapeException(
                    "",
                    "sequences without padding, as this layer mixes steps and knows no mask",
                    "padded sequences " + x + "; batch sequences of one length, or take a layer that reads the mask");
        }
        return Specs.of(Varying.output(this, x, shape, type));
    }

    @Override
    default long flops(Specs in) {
        return flops(in.main().shape());
    }

    @Override
    default List<Operation> work(Specs in, Compute how) {
        return work(in.main().shape(), how);
    }

    @Override
    default Network build(Specs in, Parameters into) {
        return build(in.main().shape(), into);
    }
}
