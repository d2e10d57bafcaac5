package dev.jumbo.train;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Loss;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.metrics.Metric;
import dev.jumbo.train.objective.Objective;
import dev.jumbo.train.objective.OutputLoss;
import dev.jumbo.train.objective.Phase;
import dev.jumbo.train.objective.Phases;
import dev.jumbo.train.objective.Supervised;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a training makes small, settled by its data: fitted losses of outputs, or objectives of its own.
 *
 * @param config the settings, with what they left open
 * @param phases of a step, with losses fitted on the training split
 */
record Goal(TrainConfig config, Phases phases) {
    /**
     * Settles and checks it.
     *
     * @param task what the settings say of loss and metrics, where training is by one loss
     * @throws dev.jumbo.error.InputException if losses, outputs and targets do not fit each other
     */
    static Goal of(
            TrainConfig config, Task task, Dataset train, List<Shape> outputs, boolean scalable, FittedLoss.Say said) {
        if (!config.hasObjective()) {
            task.check(outputs, train.targets());
            TrainConfig settled = config.with(task);
            Loss fitted = FittedLoss.of(settled, train, outputs, said);
            return new Goal(settled, Phases.of(Supervised.of(fitted, train.targets())));
        }
        boolean scales = config.targetScaling() == TargetScaling.STANDARD
                || config.targetScaling() == null && !config.goal().named() && scalable;
        Phases phases = config.goal();
        List<Phase> fitted = new ArrayList<>();
        for (Phase phase : phases.all()) {
            fitted.add(new Phase(
                    phase.name(),
                    phase.trains(),
                    fitted(phase.objective(), train, outputs, scales, said),
                    phase.optimizer(),
                    phase.every()));
        }
        Phases settled = new Phases(fitted, phases.named());
        Task measured = config.task(settled.first(), train.targets());
        if (settled.first() instanceof Supervised supervised) {
            OutputMetrics.check(measured.metrics(), outputs, train.targets(), supervised::answer);
        }
        if (!measured.metrics().isEmpty()
                && (train.targets().isEmpty() || !settled.first().answersTargets())) {
            throw new InputException("metrics: expected none, as "
                    + (train.targets().isEmpty()
                            ? "the data has no target to compare outputs with"
                            : "what this objective learns is drawn from the inputs, not a target of the data")
                    + ", received "
                    + measured.metrics().stream().map(Metric::name).toList()
                    + "; leave metrics out: the loss is the mean of -log p, perplexity its exponential");
        }
        TargetScaling scaling = scales ? TargetScaling.STANDARD : TargetScaling.NONE;
        return new Goal(config.with(new Task(measured.loss(), measured.metrics(), scaling)), settled);
    }

    private static Objective fitted(
            Objective objective, Dataset train, List<Shape> outputs, boolean scales, FittedLoss.Say said) {
        if (!(objective instanceof Supervised supervised)) {
            return objective; // It says itself what it takes.
        }
        Map<String, OutputLoss> losses = new LinkedHashMap<>();
        List<Field> targets = train.targets();
        Supervised ordered = supervised.inOrder(targets);
        Task.requireAsMany(outputs, targets);
        int output = 0;
        for (Map.Entry<String, OutputLoss> each : ordered.losses().entrySet()) {
            Loss loss = each.getValue().loss();
            loss.check(outputs.get(output), Task.target(targets.get(output)));
            losses.put(
                    each.getKey(),
                    new OutputLoss(
                            FittedLoss.of(loss, train, output, outputs.get(output), scales, said),
                            each.getValue().weight()));
            output++;
        }
        return new Supervised(losses);
    }
}
