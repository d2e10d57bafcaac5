package dev.jumbo.train.callbacks;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Event files for TensorBoard in {@code tensorboard/} beside the run: {@code tensorboard --logdir runs}. Figures of
 * steps are under {@code step/}, those of epochs under {@code epoch/}, both over the optimizer's steps. A resumed run
 * writes a further file that replaces what the older ones have after the checkpoint.
 */
public final class TensorBoardLog implements Callback {
    public static final String DIRECTORY = "tensorboard";

    private final @Nullable Path given;
    private final int everySteps;
    private @Nullable EventFile events;

    private TensorBoardLog(@Nullable Path directory, int everySteps) {
        if (everySteps < 0) {
            throw new InputException("expected an event every 1 or more steps, or 0 for none, received " + everySteps);
        }
        this.given = directory;
        this.everySteps = everySteps;
    }

    /** In the run's directory; nothing is written where the run has none. @param everySteps steps between events, 0 for epochs only */
    public static TensorBoardLog every(int everySteps) {
        return new TensorBoardLog(null, everySteps);
    }

    /** To a directory of the caller's choice. */
    public static TensorBoardLog to(Path directory, int everySteps) {
        return new TensorBoardLog(directory, everySteps);
    }

    @Override
    public boolean onFirstWorkerOnly() {
        return true;
    }

    @Override
    public void onStart(TrainingState state) {
        Path run = state.directory();
        Path directory = given != null ? given : run == null ? null : run.resolve(DIRECTORY);
        if (directory == null) {
            return;
        }
        try {
            Files.createDirectories(directory);
            events = EventFile.create(unused(directory), now());
            if (state.step() > 0) {
                events.restart(now(), state.step() + 1);
            }
        } catch (IOException e) {
            throw new FailureException("cannot write TensorBoard events to " + directory + ": " + e.getMessage(), e);
        }
    }

    /** TensorBoard reads the files of a directory in the order of their names, so later ones sort behind. */
    private static Path unused(Path directory) {
        long millis = System.currentTimeMillis();
        Path file;
        do {
            file = directory.resolve(
                    "events.out.tfevents." + millis / 1000 + "." + String.format("%03d", millis % 1000) + ".jumbo");
            millis++;
        } while (Files.exists(file));
        return file;
    }

    @Override
    public void onStep(TrainingState state) {
        if (everySteps > 0 && state.step() % everySteps == 0) {
            Map<String, Double> values = new LinkedHashMap<>();
            values.put("step/loss", state.loss());
            values.put("step/learning_rate", state.learningRate());
            if (!Double.isNaN(state.gradientNorm())) {
                values.put("step/gradient_norm", state.gradientNorm());
            }
            write(state, values);
        }
    }

    @Override
    public void onEpoch(TrainingState state, Map<String, Double> metrics) {
        Map<String, Double> values = new LinkedHashMap<>();
        metrics.forEach((name, value) -> values.put("epoch/" + name, value));
        write(state, values);
    }

    private void write(TrainingState state, Map<String, Double> values) {
        if (events != null) {
            try {
                events.scalars(now(), state.step(), values);
            } catch (IOException e) {
                throw new FailureException("cannot write TensorBoard events: " + e.getMessage(), e);
            }
        }
    }

    private static double now() {
        return System.currentTimeMillis() / 1e3;
    }

    @Override
    public void close() {
        if (events != null) {
            try {
                events.close();
            } catch (IOException e) {
                throw new FailureException("cannot finish the TensorBoard events: " + e.getMessage(), e);
            }
            events = null;
        }
    }
}
