package dev.jumbo.nn.losses;

import dev.jumbo.config.Kind;
import dev.jumbo.nn.Answer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Target;
import dev.jumbo.tensor.LossFunctions;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;

/** Mean absolute error: {@code |x - t|} averaged over all values; less moved by outliers than {@link Mse}. Targets have the outputs' shape. */
@Kind("mae")
public record Mae() implements Loss {
    @Override
    public Tensor of(Tensor outputs, Tensor targets) {
        return LossFunctions.mae(outputs, Elementwise.align(targets, outputs));
    }

    @Override
    public Tensor each(Tensor outputs, Tensor targets) {
        return Elementwise.means(
                outputs.sub(Elementwise.align(targets, outputs)).abs());
    }

    @Override
    public void check(Shape outputs, Shape targets) {
        Elementwise.check("mae", outputs, targets);
    }

    @Override
    public void check(Shape outputs, Target target) {
        Elementwise.checkNumbers("mae", outputs, target);
    }

    @Override
    public Answer answer(Target target) {
        return Answer.NUMBERS;
    }
}
