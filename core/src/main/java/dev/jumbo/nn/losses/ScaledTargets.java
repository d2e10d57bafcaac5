package dev.jumbo.nn.losses;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Answer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Target;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.List;
import java.util.OptionalLong;

/**
 * A loss of numbers that are scaled first, {@code (t - mean) / deviation}, so that the network learns values near 0 whatever
 * the unit of the target. The loss is that of the scaled values; {@link #predictions} are in the target's own unit again, and
 * so is all that is made of them: metrics, {@code predict} and the server. What {@code train.target_scaling} makes of the
 * loss; {@code model.json} holds it.
 *
 * @param loss of the scaled values
 * @param mean one for all values, or one for each of a target {@code [values]}
 * @param deviation as many, above 0
 */
@Kind("scaled_targets")
@Doc("A loss of numbers that are scaled first; train.target_scaling makes it.")
public record ScaledTargets(
        @Doc("The loss of the scaled values.") Loss loss,

        @Doc("Subtracted first: one for all values, or one for each.")
        List<Double> mean,

        @Doc("Divided by then; as many.") List<Double> deviation)
        implements Loss {
    public ScaledTargets {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        if (mean.isEmpty() || mean.size() != deviation.size()) {
            throw new InputException("scaled_targets: expected as many deviations as means, received "
                    + deviation.size() + " and " + mean.size());
        }
        if (mean.stream().anyMatch(m -> !Double.isFinite(m))
                || deviation.stream().anyMatch(d -> !(d > 0) || d.isInfinite())) {
            throw new InputException("scaled_targets: expected finite means and deviations above 0, received " + mean
                    + " and " + deviation);
        }
    }

    /** In double: the mean may be large beside the deviation. */
    private Tensor scaled(Tensor targets) {
        Tensor exact = targets.to(DType.FLOAT64);
        return exact.sub(constants(mean, targets))
                .div(constants(deviation, targets))
                .to(DType.FLOAT32);
    }

    private static Tensor constants(List<Double> values, Tensor beside) {
        double[] plain = values.stream().mapToDouble(Double::doubleValue).toArray();
        return Tensor.of(plain, plain.length == 1 ? Shape.of(1) : Shape.of(plain.length))
                .to(beside.device());
    }

    @Override
    public Tensor of(Tensor outputs, Tensor targets) {
        return loss.of(outputs, scaled(targets));
    }

    @Override
    public Tensor each(Tensor outputs, Tensor targets) {
        return loss.each(outputs, scaled(targets));
    }

    @Override
    public double[] weights(Tensor targets) {
        return loss.weights(targets);
    }

    @Override
    public OptionalLong padding() {
        return loss.padding();
    }

    @Override
    public double weight(Tensor targets) {
        return loss.weight(targets);
    }

    @Override
    public void check(Shape outputs, Shape targets) {
        loss.check(outputs, targets);
        if (mean.size() > 1 && (targets.rank() != 1 || targets.size(0) != mean.size())) {
            throw new InputException("scaled_targets: expected a target [" + mean.size()
                    + "], a value for each mean, received " + targets);
        }
    }

    @Override
    public void check(Shape outputs, Target target) {
        loss.check(outputs, target);
        if (loss.answer(target) != Answer.NUMBERS) {
            throw new InputException("target_scaling: expected a loss of numbers such as mse, but " + target.described()
                    + "; write target_scaling: none");
        }
        check(outputs, target.shape());
    }

    @Override
    public Answer answer(Target target) {
        return loss.answer(target);
    }

    @Override
    public int classAxis() {
        return loss.classAxis();
    }

    @Override
    public Tensor predictions(Tensor outputs) {
        Tensor exact = loss.predictions(outputs).to(DType.FLOAT64);
        return exact.mul(constants(deviation, outputs))
                .add(constants(mean, outputs))
                .to(DType.FLOAT32);
    }
}
