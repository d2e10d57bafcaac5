package dev.jumbo.nn.layers.sequence;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import java.util.List;

/**
 * One step of a sequence: {@code [T, D]} becomes {@code [D]}. Behind a {@link ClassToken}, step 0.
 *
 * <p>Of padded sequences only step 0 is surely real, so others are refused.
 *
 * @param index from 0, or from the end when negative
 */
@Kind("select_step")
public record SelectStep(
        @Doc("Which step, from 0, or from the end when negative.") @Default("0")
        int index) implements UnaryLayer {
    @Override
    public Shape outputShape(Shape input) {
        long steps = input.rank() == 2 ? input.size(0) : 0;
        if (index >= steps || index < -steps) {
            throw new ShapeException("", "[T, D] with a step " + index, input);
        }
        return input.slice(1, 2);
    }

    @Override
    public Specs outputs(Specs in) {
        Spec x = in.main();
        if (index != 0 && x.varies() && in.has(Masks.MASK)) {
            throw new ShapeException(
                    "",
                    "step 0 of padded sequences, as step " + index
                            + " is padding in short ones; pool over the steps instead, as global_avg_pool does behind permute",
                    x);
        }
        return Specs.of(Spec.of(outputShape(x.shape()), outputType(x.dtype())));
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
    public UnaryNetwork build(Shape input, Parameters into) {
        String path = into.path();
        return (x, pass) -> {
            long steps = x.size(1);
            if (index >= steps || index < -steps) {
                throw new ShapeException(path, "a sequence with a step " + index, x.shape());
            }
            return x.select(1, index < 0 ? steps + index : index);
        };
    }
}
