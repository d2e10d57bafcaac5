package dev.jumbo.nn.losses;

import dev.jumbo.config.Kind;
import dev.jumbo.nn.Answer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Target;
import dev.jumbo.tensor.LossFunctions;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;

/** Mean squared error: {@code (x - t)^2} averaged over all values. Targets have the outputs' shape. */
@Kind("mse")
public record Mse() implements Loss {
    @Override
    public Tensor of(Tensor outputs, Tensor targets) {
        return LossFunctions.mse(outputs, Elementwise.align(targets, outputs));
    }

    @Override
    public Tensor each(Tensor outputs, Tensor targets) {
        Tensor difference = outputs.sub(Elementwise.align(targets, outputs));
        return Elementwise.means(difference.mul(difference));
    }

    @Override
    public void check(Shape outputs, Shape targets) {
        Elementwise.check("mse", outputs, targets);
    }

    @Override
    public void check(Shape outputs, Target target) {
        Elementwise.checkNumbers("mse", outputs, target);
    }

    @Override
    public Answer answer(Target target) {
        return Answer.NUMBERS;
    }
}
