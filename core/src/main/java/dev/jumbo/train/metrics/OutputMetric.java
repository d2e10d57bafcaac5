package dev.jumbo.train.metrics;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Answer;
import dev.jumbo.nn.Target;
import dev.jumbo.tensor.Tensor;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A metric of one output of several, under the name {@code price/rmse}. Of a model with several outputs, a metric that names none
 * is measured for each output that it fits.
 *
 * @param output name of its target
 */
@Kind("output")
@Doc("A metric of one output of several.")
public record OutputMetric(
        @Doc("Name of the output's target.") String output,

        @Doc("What is measured.") Metric metric) implements Metric {
    @Override
    public String name() {
        return output + "/" + metric.name();
    }

    @Override
    public boolean higherIsBetter() {
        return metric.higherIsBetter();
    }

    @Override
    public boolean fits(Answer answer) {
        return metric.fits(answer);
    }

    @Override
    public void checkClasses(int classes) {
        metric.checkClasses(classes);
    }

    @Override
    public boolean isWeighted() {
        return metric.isWeighted();
    }

    @Override
    public OutputMetric fitted(Target target) {
        return new OutputMetric(output, metric.fitted(target));
    }

    @Override
    public Accumulator start() {
        return metric.start();
    }

    @Override
    public Accumulator start(LongPredicate ignored) {
        return metric.start(ignored);
    }

    @Override
    public @Nullable Tensor sums(TensorRows rows) {
        return metric.sums(rows);
    }

    @Override
    public Tensor join(Tensor before, Tensor added) {
        return metric.join(before, added);
    }
}
