package dev.jumbo.nn.losses;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Answer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Target;
import dev.jumbo.tensor.LossFunctions;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;

/**
 * {@code d^2 / 2} for differences {@code d = |x - t|} up to delta, {@code delta (d - delta / 2)} beyond, averaged over all
 * values (Huber, 1964). Targets have the outputs' shape.
 *
 * @param delta where the square becomes a line, above 0, in the units of the targets
 */
@Kind("huber")
public record Huber(
        @Doc("Where the square becomes a line.") @Default("1.0")
        double delta) implements Loss {
    public Huber {
        if (!(delta > 0) || Double.isInfinite(delta)) {
            throw new InputException("huber.delta: expected a number above 0, received " + delta);
        }
    }

    @Override
    public Tensor of(Tensor outputs, Tensor targets) {
        return LossFunctions.huber(outputs, Elementwise.align(targets, outputs), delta);
    }

    @Override
    public Tensor each(Tensor outputs, Tensor targets) {
        return Elementwise.means(LossFunctions.huberEach(outputs, Elementwise.align(targets, outputs), delta));
    }

    @Override
    public void check(Shape outputs, Shape targets) {
        Elementwise.check("huber", outputs, targets);
    }

    @Override
    public void check(Shape outputs, Target target) {
        Elementwise.checkNumbers("huber", outputs, target);
    }

    @Override
    public Answer answer(Target target) {
        return Answer.NUMBERS;
    }
}
