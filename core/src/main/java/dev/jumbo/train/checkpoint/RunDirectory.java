package dev.jumbo.train.checkpoint;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.files.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which checkpoints the directory of a run has: {@code checkpoints/step-00007500}, and {@code LATEST} and {@code BEST}, which
 * name two of them.
 *
 * @param run what was passed to {@code --out}
 */
public record RunDirectory(Path run) {
    static final String CHECKPOINTS = "checkpoints";
    static final String LATEST = "LATEST";
    static final String BEST = "BEST";
    private static final String NAME_PATTERN = "step-\\d{8,18}";
    private static final Logger LOG = LoggerFactory.getLogger(RunDirectory.class);

    /** Whether it holds a run with a checkpoint, also where the files are gone that name one. */
    public boolean hasCheckpoint() {
        return Files.isRegularFile(run.resolve(LATEST)) || !newestFirst().isEmpty();
    }

    /** Whether a monitored metric has ever chosen one. */
    public boolean hasBest() {
        return Files.isRegularFile(run.resolve(BEST));
    }

    /** What the newest checkpoint is called, without opening it; empty while there is none. */
    public Optional<String> newestName() {
        try {
            return Optional.of(Files.readString(run.resolve(LATEST)).strip());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new FailureException("cannot read " + run.resolve(LATEST) + ": " + e.getMessage(), e);
        }
    }

    /** The directory of the checkpoint that {@link Checkpoint#best} opens, without opening it; empty while it is not there. */
    public Optional<Path> answering() {
        try {
            return Optional.of(pointed(hasBest() ? BEST : LATEST));
        } catch (InputException | FailureException e) {
            return Optional.empty();
        }
    }

    /**
     * Makes this directory, which has no checkpoint yet, that of a run with one checkpoint of another, to answer alone: without the
     * state of the optimizer.
     */
    public void receive(Checkpoint from) {
        if (hasCheckpoint()) {
            throw new InputException("expected a directory without a run, found one at " + run);
        }
        String name = name(from.trainer().step());
        from.copyWithoutState(run.resolve(CHECKPOINTS).resolve(name));
        Durable.writeOrFail(run.resolve(BEST), name + "\n");
        Durable.writeOrFail(run.resolve(LATEST), name + "\n");
    }

    /** The checkpoint after so many steps, which another worker has chosen. */
    public Checkpoint ofStep(long step) {
        return Checkpoint.open(run.resolve(CHECKPOINTS).resolve(name(step)));
    }

    /**
     * The checkpoint to go on from: the newest, or, if that is damaged, the newest sound one before it, with a warning
     * in the log.
     *
     * @throws InputException if there is no run
     * @throws FailureException if no checkpoint is sound
     */
    public Checkpoint newestSound() {
        FailureException first;
        try {
            return Checkpoint.open(pointed(LATEST));
        } catch (FailureException e) {
            first = e;
        }
        String damaged = named(LATEST);
        for (Path other : newestFirst()) {
            if (other.getFileName().toString().equals(damaged)) {
                continue;
            }
            try {
                Checkpoint checkpoint = Checkpoint.open(other);
                LOG.warn("{}; going on from {} instead", first.getMessage(), other.getFileName());
                return checkpoint;
            } catch (FailureException e) {
                LOG.warn("{}", e.getMessage());
            }
        }
        throw first;
    }

    /** The directory that a pointer names. @param pointer {@code LATEST} or {@code BEST} */
    Path pointed(String pointer) {
        if (!hasCheckpoint()) {
            throw new InputException("expected a run with checkpoints, found none at " + run
                    + ": train first, or give the directory that was passed to --out");
        }
        String name;
        try {
            name = Files.readString(run.resolve(pointer)).strip();
        } catch (IOException e) {
            throw new FailureException(
                    "the file " + run.resolve(pointer) + ", which names a checkpoint of the run, cannot be read: "
                            + IoProblem.of(e) + "; resume the training, which goes on from the newest sound one",
                    e);
        }
        if (!name.matches(NAME_PATTERN)) {
            throw new FailureException("the file " + run.resolve(pointer) + " does not name a checkpoint");
        }
        Path directory = run.resolve(CHECKPOINTS).resolve(name);
        if (!Files.isDirectory(directory)) {
            throw new FailureException("the checkpoint " + directory + " is missing, which " + pointer + " names");
        }
        return directory;
    }

    /** What a pointer says, however damaged; empty where it is not there. */
    private String named(String pointer) {
        try {
            return Files.readString(run.resolve(pointer)).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** The directories of complete checkpoints, the newest first. */
    List<Path> newestFirst() {
        try (Stream<Path> all = Files.list(run.resolve(CHECKPOINTS))) {
            return all.filter(p -> p.getFileName().toString().matches(NAME_PATTERN))
                    .sorted(Comparator.comparingLong(RunDirectory::step).reversed())
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The name of a checkpoint after so many steps. */
    static String name(long step) {
        return String.format(Locale.ROOT, "step-%08d", step);
    }

    private static long step(Path directory) {
        return Long.parseLong(directory.getFileName().toString().substring("step-".length()));
    }
}
