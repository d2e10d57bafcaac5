package dev.jumbo.train;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.train.callbacks.EarlyStopping;
import dev.jumbo.train.metrics.Metric;
import dev.jumbo.train.objective.Phase;
import dev.jumbo.train.objective.Phases;
import dev.jumbo.train.optim.ReduceOnPlateau;
import dev.jumbo.train.optim.Schedule;
import dev.jumbo.train.optim.WarmUp;
import java.util.ArrayList;
import java.util.List;

/** The figures that settings watch, against those that an epoch gives: known before anything is built. */
final class MonitoredNames {
    private MonitoredNames() {}

    /** Names of all figures of an epoch. */
    static List<String> known(TrainConfig config, Phases phases, boolean validated) {
        List<String> known = new ArrayList<>();
        for (String prefix : validated ? List.of("val_", "") : List.of("")) {
            known.add(prefix + "loss");
            for (Phase phase : phases.all()) {
                if (phases.named()) {
                    known.add(prefix + phases.figure(phase, "loss"));
                }
                phase.objective().parts().forEach(part -> known.add(prefix + phases.figure(phase, part)));
            }
            for (Metric metric : config.task().metrics()) {
                known.add(prefix + metric.name());
            }
        }
        return known;
    }

    /** @throws InputException if a setting watches a figure that there is not, naming the nearest that there is */
    static void check(TrainConfig config, Phases phases, boolean validated) {
        List<String> known = known(config, phases, validated);
        if (config.monitor() != null) {
            require("monitor", config.monitor(), known, validated, config);
        }
        EarlyStopping.Settings stopping = config.earlyStopping();
        if (stopping != null) {
            List<String> seen = new ArrayList<>(known);
            seen.add("learning_rate");
            require("early_stopping.monitor", stopping.monitor(), seen, validated, config);
        }
        Schedule schedule = config.schedule() instanceof WarmUp warm ? warm.then() : config.schedule();
        if (schedule instanceof ReduceOnPlateau plateau) {
            require("schedule.reduce_on_plateau.metric", plateau.metric(), known, validated, config);
        }
    }

    private static void require(String key, String name, List<String> known, boolean validated, TrainConfig config) {
        if (!known.contains(name)) {
            throw new InputException(key + ": there is no metric \"" + name + "\"" + Nearest.hint(name, known)
                    + (validated || !name.startsWith("val_")
                            ? ""
                            : "; metrics that start with val_ need validation data (validation_split)")
                    + ofParts(config));
        }
    }

    /** Where an objective's parts come from, whose names the objective alone knows. */
    static String ofParts(TrainConfig config) {
        return config.objective() == null && config.phases().isEmpty()
                ? ""
                : "; of the parts of an objective, those that its parts() names";
    }
}
