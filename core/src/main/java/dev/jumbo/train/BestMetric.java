package dev.jumbo.train;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.train.metrics.Metric;
import dev.jumbo.train.metrics.Monitor;
import dev.jumbo.train.objective.Phases;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The best value of the monitored metric so far, by which the best checkpoint is chosen. */
final class BestMetric {
    /** Of phases that play against each other no sum of losses says which is best: without a monitor, the last one is. */
    private static final String LAST = "last";

    private static final Logger LOG = LoggerFactory.getLogger(BestMetric.class);

    private final Monitor monitor;
    private double best;
    private boolean told;

    private BestMetric(Monitor monitor) {
        this.monitor = monitor;
        best = monitor.worst();
    }

    /** @throws InputException if the monitored metric is none of those that are computed */
    static BestMetric of(TrainConfig config, Phases phases, boolean validated) {
        if (phases.named() && config.monitor() == null && config.earlyStopping() == null) {
            return new BestMetric(new Monitor(LAST, false));
        }
        String name = name(config, validated);
        for (String prefix : List.of("val_", "")) {
            for (Metric metric : config.task().metrics()) {
                if (name.equals(prefix + metric.name()) && (validated || prefix.isEmpty())) {
                    return new BestMetric(new Monitor(name, metric.higherIsBetter()));
                }
            }
        }
        List<String> known = MonitoredNames.known(config, phases, validated);
        if (!known.contains(name)) {
            throw new InputException("monitor: there is no metric \"" + name + "\"" + Nearest.hint(name, known)
                    + (validated ? "" : "; metrics that start with val_ need validation data (validation_split)")
                    + MonitoredNames.ofParts(config));
        }
        return new BestMetric(new Monitor(name, false));
    }

    private static String name(TrainConfig config, boolean validated) {
        if (config.monitor() != null) {
            return config.monitor();
        }
        if (config.earlyStopping() != null) {
            return config.earlyStopping().monitor();
        }
        return validated ? "val_loss" : "loss";
    }

    String name() {
        return monitor.name();
    }

    /** Takes an epoch's metrics in. @return whether they are the best so far */
    boolean add(Map<String, Double> metrics) {
        if (monitor.name().equals(LAST)) {
            return true;
        }
        double value = metrics.getOrDefault(monitor.name(), Double.NaN);
        boolean improved = monitor.isBetter(value, best);
        if (improved) {
            best = value;
        }
        return improved;
    }

    /** Says, the first time, that an epoch has no value to be compared by. */
    void warn(Map<String, Double> metrics, int epoch) {
        double value = metrics.getOrDefault(monitor.name(), Double.NaN);
        if (!told && Double.isNaN(value) && !monitor.name().equals(LAST)) {
            told = true;
            boolean held = monitor.name().startsWith("val_");
            LOG.warn(
                    "{} is not a number in epoch {}, and such an epoch is never the best: {} has NaN, or what the model"
                            + " makes of it; check {}",
                    monitor.name(),
                    epoch,
                    held ? "the validation data" : "the training data",
                    held ? "the inputs and targets that are held out" : "its inputs and targets");
        }
    }

    /** The best value, once there is one. */
    Map<String, Double> state() {
        return Double.isFinite(best) ? Map.of("best", best) : Map.of();
    }

    void load(Map<String, Double> state) {
        best = state.getOrDefault("best", monitor.worst());
    }
}
