package dev.jumbo.train;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.FlatRange;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.weights.NamePattern;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.objective.Phase;
import dev.jumbo.train.optim.GradientRule;
import dev.jumbo.train.optim.Optimizer;
import dev.jumbo.train.optim.OptimizerState;
import dev.jumbo.train.optim.Penalty;
import dev.jumbo.train.optim.StepGradients;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the gradients of a phase: penalties are added, rules change them, and the optimizer takes its step, of the
 * parameters of the phase alone.
 */
final class Update implements AutoCloseable {
    private final Holding holding;
    private final List<FlatSlice> slices = new ArrayList<>();
    private final List<FlatPart> parts = new ArrayList<>();
    private final List<OptimizerState> optimizers = new ArrayList<>();
    private final double baseLearningRate;
    private final List<GradientRule> rules;
    private final RandomState random;
    private final Penalty penalty;
    private final StepWeights weights = new StepWeights();
    private double largest = Double.NaN;

    /** @throws InputException if the phase has no parameters */
    Update(TrainConfig config, Holding holding, Phase phase) {
        this.holding = holding;
        penalty = new Penalty(config.l1(), config.l2());
        rules = config.allGradientRules();
        RandomState rulesOf = RandomState.of(config.seed()).derive("gradient_rules");
        random = config.phases().isEmpty() ? rulesOf : rulesOf.derive(phase.name());
        Optimizer optimizer = phase.optimizer() == null ? config.optimizer() : phase.optimizer();
        baseLearningRate = phase.optimizer() == null ? config.baseLearningRate() : optimizer.learningRate();
        try {
            divide(phase);
            slices.forEach(slice -> optimizers.add(optimizer.build(slice)));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void divide(Phase phase) {
        if (phase.trains().equals("*")) {
            slices.add(holding.slice());
            return;
        }
        List<Parameter> all = holding.model().store().trainable();
        NamePattern pattern = NamePattern.of(phase.trains());
        Set<String> names =
                all.stream().map(Parameter::name).filter(pattern::matches).collect(Collectors.toSet());
        if (names.isEmpty()) {
            throw new InputException("phases." + phase.name() + ".trains: no parameter is named \"" + phase.trains()
                    + "\""
                    + Nearest.hint(
                            phase.trains(), all.stream().map(Parameter::name).toList()));
        }
        for (FlatRange range : FlatOrder.ranges(all, names)) {
            FlatPart part = new FlatPart(holding.slice(), range);
            parts.add(part);
            slices.add(part);
        }
    }

    /** The learning rate that the schedule starts from. */
    double baseLearningRate() {
        return baseLearningRate;
    }

    /** What a resume needs; every worker calls it. @param prefix before their names; of several optimizers each has a number */
    Map<String, Tensor> state(String prefix) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (int i = 0; i < optimizers.size(); i++) {
            String own = prefix(prefix, i);
            FlatPart part = isDivided() ? parts.get(i) : null;
            optimizers.get(i).state().forEach((name, tensor) -> state.put(own + name, whole(part, tensor)));
        }
        return state;
    }

    /** Whether each worker has a share of each part. */
    private boolean isDivided() {
        return !parts.isEmpty() && holding.dividesState();
    }

    /** What all workers have of a part, where they divide it: a file has it as one, for whatever number of workers. */
    private Tensor whole(@Nullable FlatPart part, Tensor state) {
        return part == null || state.rank() == 0 ? state : holding.together(part.range(), part.start(), state);
    }

    private static String prefix(String prefix, int optimizer) {
        return prefix.isEmpty() ? "" : prefix + "." + optimizer + ".";
    }

    /** @param saved as {@link #state} gave it, with that of other phases */
    void load(String prefix, Map<String, Tensor> saved) {
        for (int i = 0; i < optimizers.size(); i++) {
            String own = prefix(prefix, i);
            Map<String, Tensor> mine = new LinkedHashMap<>();
            saved.forEach((name, tensor) -> {
                if (name.startsWith(own)) {
                    mine.put(name.substring(own.length()), tensor);
                }
            });
            if (isDivided()) {
                FlatPart part = parts.get(i);
                mine.replaceAll((name, tensor) -> tensor.rank() == 0
                        ? tensor
                        : tensor.narrow(0, part.offset(), part.values().elements()));
            }
            optimizers.get(i).load(mine);
        }
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
            try (Scope scope = Scope.open();
                    Autograd off = Autograd.noGrad()) {
                double correction = weights.correction(batches);
                for (FlatSlice slice : slices) {
                    if (correction != 1) {
                        slice.gradients().mul_(correction);
                    }
                    if (!penalty.isNone()) {
                        penalty.addToGradients(slice);
                    }
                }
                norm = applyRules(step);
                optimizers.forEach(optimizer -> optimizer.step(learningRate));
                if (!parts.isEmpty()) {
                    holding.slice().valuesChanged();
                }
            }
        }
        weights.clear();
        largest = Double.NaN;
        return norm;
    }

    /** @return the norm of the gradients before it was limited; NaN where no rule asked for it */
    private double applyRules(long step) {
        StepGradients gradients = new StepGradients(
                slices.stream().map(FlatSlice::gradients).toList(), holding::sum, places(), largest / weights.sum());
        RandomState ofStep = random.derive(step);
        for (int i = 0; i < rules.size(); i++) {
            rules.get(i).step(gradients, ofStep.derive(i));
        }
        return gradients.lastNorm();
    }

    /** Where each slice begins for what is drawn for it: parts follow one another, whoever has which share of them. */
    private long[] places() {
        long[] places = new long[slices.size()];
        long at = slices.get(0).start();
        if (!parts.isEmpty()) {
            at = parts.get(0).range().start();
        }
        for (int i = 0; i < places.length; i++) {
            places[i] = at + (parts.isEmpty() ? 0 : parts.get(i).offset());
            at += parts.isEmpty()
                    ? slices.get(i).values().elements()
                    : parts.get(i).range().length();
        }
        return places;
    }

    /** Whether nothing that counts has been added up. */
    boolean isEmpty() {
        return weights.isEmpty();
    }

    @Override
    public void close() {
        optimizers.forEach(OptimizerState::close);
        parts.forEach(FlatPart::release);
    }
}
