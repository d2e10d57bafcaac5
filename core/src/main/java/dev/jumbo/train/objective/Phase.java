package dev.jumbo.train.objective;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.weights.NamePattern;
import dev.jumbo.train.optim.Optimizer;
import org.jspecify.annotations.Nullable;

/**
 * A part of a step: some parameters take a step of their own optimizer by an objective of their own. Phases run in turn, each on
 * the batches of the step.
 *
 * @param name in logs ({@code loss} of a phase is logged under it) and checkpoints
 * @param trains which parameters: a model's name, the path of a layer, or a pattern, see {@link NamePattern}
 * @param optimizer of these parameters; null for that of the training
 * @param every runs in each so-many-th step, 1 or more
 */
public record Phase(
        @Doc("Name in logs and checkpoints.") String name,

        @Doc("Which parameters it trains: a model's name, a path of layers, or a pattern such as generator.layers.0.*.")
        @Default("\"*\"")
        String trains,

        @Doc("What it makes small.") Objective objective,

        @Doc("How these parameters change; by default as train.optimizer says.") @Default("null") @Nullable
        Optimizer optimizer,

        @Doc("Runs in each so-many-th step.") @Default("1") int every) {
    /** @throws InputException if a value is out of its range */
    public Phase {
        NamePattern.of(trains);
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new InputException("phases: expected a name of letters, digits and _, received \"" + name + "\"");
        }
        if (every < 1) {
            throw new InputException("phases." + name + ".every: expected 1 or more, received " + every);
        }
    }

    /** In every step. */
    public static Phase of(String name, String trains, Objective objective, Optimizer optimizer) {
        return new Phase(name, trains, objective, optimizer, 1);
    }

    /** Whether it runs in a step. @param step from 0 */
    public boolean isDue(long step) {
        return step % every == 0;
    }
}
