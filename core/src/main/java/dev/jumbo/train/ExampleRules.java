package dev.jumbo.train;

import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.ExampleBatch;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.PerExampleGradients;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.Gradients;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.optim.GradientRule;
import dev.jumbo.train.optim.GradientRule.Looks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules that look at the gradients of examples: back-propagation as they ask for it. */
final class ExampleRules implements AutoCloseable {
    private final PerExampleGradients gradients;
    private final List<GradientRule> rules;

    private ExampleRules(Model model, List<GradientRule> rules) {
        gradients = new PerExampleGradients(model);
        this.rules = rules;
    }

    /** Those of a run; null where no rule looks at examples. */
    static @Nullable ExampleRules of(Model model, TrainConfig config) {
        List<GradientRule> looking = looking(config);
        return looking.isEmpty() ? null : new ExampleRules(model, looking);
    }

    /** @throws InputException if a rule looks at examples, which a way to train cannot give. @param way for people */
    static void refuse(TrainConfig config, String way) {
        List<GradientRule> looking = looking(config);
        if (!looking.isEmpty()) {
            throw new InputException("train.gradient_rules: "
                    + String.join(", ", looking.stream().map(ExampleRules::kind).toList())
                    + " looks at the gradients of single examples, which " + way
                    + " does not compute; train data-parallel");
        }
    }

    /** The name by which files choose a rule. */
    private static String kind(GradientRule rule) {
        Kind kind = rule.getClass().getAnnotation(Kind.class);
        return kind == null ? rule.getClass().getSimpleName() : kind.value();
    }

    private static List<GradientRule> looking(TrainConfig config) {
        return config.allGradientRules().stream()
                .filter(rule -> rule.looks() != Looks.AT_STEP)
                .toList();
    }

    /** The pass of the next batch. */
    Pass begin(Pass pass) {
        return gradients.begin(pass);
    }

    /**
     * Propagates a batch back and adds up what the rules leave of its examples' gradients.
     *
     * @param loss of the batch, the sum over its examples of their share times their own loss
     * @param shares of the examples
     */
    void backward(Tensor loss, double[] shares) {
        ExampleBatch batch = gradients.backward(loss);
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            float[] times = new float[shares.length];
            float[] inverse = new float[shares.length];
            for (int i = 0; i < shares.length; i++) {
                times[i] = (float) shares[i];
                inverse[i] = shares[i] == 0 ? 0 : (float) (1 / shares[i]);
            }
            Tensor own = Tensor.of(inverse, Shape.of(inverse.length)).to(loss.device());
            if (rules.stream().anyMatch(rule -> rule.looks() == Looks.AT_GRADIENTS)) {
                Tensor rows = batch.rows().mul(own.unsqueeze(1));
                rules.forEach(rule -> apply(rule, rows));
                batch.add(Gradients.weightedSum(
                        rows, Tensor.of(times, Shape.of(times.length)).to(loss.device())));
                return;
            }
            Tensor norms = batch.norms().mul(own);
            Tensor factors = Tensor.ones(norms.shape()).to(norms.device());
            for (GradientRule rule : rules) {
                factors = factors.mul(rule.factors(norms.mul(factors)));
            }
            batch.addSum(factors);
        }
    }

    private static void apply(GradientRule rule, Tensor rows) {
        if (rule.looks() == Looks.AT_GRADIENTS) {
            rule.example(rows);
        } else {
            Tensor norms = Gradients.squaredNorms(rows).sqrt();
            rows.mul_(rule.factors(norms).unsqueeze(1));
        }
    }

    @Override
    public void close() {
        gradients.close();
    }
}
