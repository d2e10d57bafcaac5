package dev.jumbo.train;

import dev.jumbo.nn.FlatSlice;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.train.optim.GradientRule;
import dev.jumbo.train.optim.OptimizerState;
import dev.jumbo.train.optim.Penalty;
import dev.jumbo.train.optim.StepGradients;
import java.util.List;

/** What becomes of the gradients of a step: penalties are added, they are limited, and the optimizer takes its step. */
final class Update implements AutoCloseable {
    private final Holding holding;
    private final FlatSlice slice;
    private final OptimizerState optimizer;
    private final List<GradientRule> rules;
    private final RandomState random;
    private final Penalty penalty;
    private final StepWeights weights = new StepWeights();
    private double largest = Double.NaN;

    Update(TrainConfig config, Holding holding) {
        this.holding = holding;
        slice = holding.slice();
        rules = config.allGradientRules();
        random = RandomState.of(config.seed()).derive("gradient_rules");
        penalty = new Penalty(config.l1(), config.l2());
        optimizer = config.optimizer().build(slice);
    }

    /** What a resume needs. */
    OptimizerState optimizer() {
        return optimizer;
    }

    /**
     * A batch was propagated back.
     *
     * @param weight what it counts beside the others of the step
     * @param most the most of it that is one example's; NaN where that is not known
     */
    void add(double weight, double most) {
        weights.add(weight);
        largest = Double.isNaN(largest) ? most : Math.max(largest, most);
    }

    /**
     * Steps by the gradients that have been added up; not where nothing in them counts.
     *
     * @param step from 0, on which what rules draw depends
     * @param batches that were added up
     * @param before the norm where there is no step
     * @return the norm of the gradients before they were limited; NaN if it was not asked for
     */
    double step(long step, double learningRate, int batches, double before) {
        double norm = before;
        if (!weights.isEmpty()) {
            try (Autograd off = Autograd.noGrad()) {
                double correction = weights.correction(batches);
                if (correction != 1) {
                    slice.gradients().mul_(correction);
                }
                if (!penalty.isNone()) {
                    penalty.addToGradients(slice);
                }
                norm = applyRules(step);
                optimizer.step(learningRate);
            }
        }
        weights.clear();
        largest = Double.NaN;
        return norm;
    }

    /** @return the norm of the gradients before it was limited; NaN where no rule asked for it */
    private double applyRules(long step) {
        StepGradients gradients =
                new StepGradients(List.of(slice.gradients()), holding::sum, slice.start(), largest / weights.sum());
        RandomState ofStep = random.derive(step);
        for (int i = 0; i < rules.size(); i++) {
            try (Scope scope = Scope.open()) {
                rules.get(i).step(gradients, ofStep.derive(i));
            }
        }
        return gradients.lastNorm();
    }

    /** Whether nothing that counts has been added up. */
    boolean isEmpty() {
        return weights.isEmpty();
    }

    @Override
    public void close() {
        optimizer.close();
    }
}
