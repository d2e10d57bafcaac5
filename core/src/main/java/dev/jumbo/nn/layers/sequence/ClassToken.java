package dev.jumbo.nn.layers.sequence;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Initializer;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.each.Rows;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import java.util.List;

/**
 * Puts a learned step in front, at which a class is read later on (Devlin et al., 2019; Dosovitskiy et al., 2021, equation 1):
 * {@code [T, D]} becomes {@code [T + 1, D]}. Parameter {@code weight [1, 1, D]}.
 *
 * @param initializer first values of the step
 */
@Kind("class_token")
public record ClassToken(
        @Doc("First values of the step.") @Default("zeros") Initializer initializer) implements UnaryLayer {
    /** Zeros at first, as torchvision's. */
    public static ClassToken of() {
        return new ClassToken(Initializers.zeros());
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 2) {
            throw new ShapeException("", "[T, D]", input);
        }
        return input.with(0, input.size(0) + 1);
    }

    @Override
    public long flops(Shape input) {
        return 0;
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        long values = outputShape(input).elements();
        return List.of(
                Operation.pass("", "add", values, values, Kept.values(values)).withFlops(0));
    }

    @Override
    public UnaryNetwork build(Shape input, Parameters into) {
        Parameter weight = into.weight("weight", Shape.of(1, 1, input.size(1)), initializer);
        return (x, pass) -> pass.perExample(
                Tensor.cat(List.of(weight.tensor().expand(x.size(0), 1, x.size(2)), x), 1),
                (gradient, each) ->
                        each.add(weight, Rows.of(gradient.narrow(1, 0, 1).unsqueeze(1))));
    }
}
