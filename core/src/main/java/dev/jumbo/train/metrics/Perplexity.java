package dev.jumbo.train.metrics;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Answer;
import dev.jumbo.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * {@code exp} of the {@link LogLoss}: between how many equally likely classes (tokens) the model hesitates. From 1 to
 * the number of classes for a model no worse than guessing.
 */
@Kind("perplexity")
@Doc("Exponential of the mean negative log probability of the right class.")
public record Perplexity() implements Metric {
    @Override
    public String name() {
        return "perplexity";
    }

    @Override
    public boolean fits(Answer answer) {
        return answer == Answer.CLASS || answer == Answer.OWN;
    }

    @Override
    public boolean higherIsBetter() {
        return false;
    }

    @Override
    public boolean isWeighted() {
        return true;
    }

    @Override
    public Accumulator start() {
        Accumulator logLoss = new LogLoss().start();
        return new Accumulator() {
            @Override
            public void add(Predictions predictions) {
                logLoss.add(predictions);
            }

            @Override
            public double[] state() {
                return logLoss.state();
            }

            @Override
            public void merge(double[] state) {
                logLoss.merge(state);
            }

            @Override
            public double value() {
                return Math.exp(logLoss.value());
            }
        };
    }

    @Override
    public @Nullable Tensor sums(TensorRows rows) {
        return new LogLoss().sums(rows);
    }
}
