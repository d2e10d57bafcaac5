package dev.jumbo.train.objective;

import dev.jumbo.error.InputException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All phases of a step, in order.
 *
 * @param all one or more
 * @param named whether they were asked for, so that logs and checkpoints name them; else there is one, of all parameters
 */
public record Phases(List<Phase> all, boolean named) {
    /** @throws InputException if two have one name */
    public Phases {
        all = List.copyOf(all);
        Set<String> names = new HashSet<>();
        for (Phase phase : all) {
            if (!names.add(phase.name())) {
                throw new InputException(
                        "phases: expected a name of its own for each, received " + phase.name() + " twice");
            }
        }
    }

    /** The usual step: one objective, all parameters. */
    public static Phases of(Objective objective) {
        return new Phases(List.of(new Phase("step", "*", objective, null, 1)), false);
    }

    /** The objective whose outputs metrics measure, and which says what outputs mean. */
    public Objective first() {
        return all.get(0).objective();
    }

    /** The name of a figure of a phase in logs. */
    public String figure(Phase phase, String part) {
        return named ? phase.name() + "_" + part : part;
    }
}
