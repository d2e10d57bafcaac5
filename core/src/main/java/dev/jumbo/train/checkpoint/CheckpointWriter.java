package dev.jumbo.train.checkpoint;

import dev.jumbo.dist.Agreement;
import dev.jumbo.dist.World;
import dev.jumbo.error.FailureException;
import dev.jumbo.files.Durable;
import dev.jumbo.files.Sha256;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the checkpoints of a run, keeps the newest ones and the best, and deletes the others. Of several workers, all write
 * into one temporary directory on a file system that they share; the first one then makes it a checkpoint. They go step by
 * step together: if one fails, all do, and what was there before stays as it was.
 */
public final class CheckpointWriter {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointWriter.class);

    private final Path run;
    private final Path checkpoints;
    private final int keepLast;
    private final World world;
    private final Agreement agreement;
    private @Nullable String best;

    /**
     * What a checkpoint holds.
     *
     * @param weights PyTorch's names and order; the first worker writes them, the others only make them with it
     * @param optimizer flat state
     * @param golden what engines are held against the model on
     * @param share what part of it this worker has, where it is divided; null where the first worker has all of it
     */
    public record Contents(
            ModelFile model,
            TrainerFile trainer,
            List<Safetensors.Source> weights,
            Map<String, Tensor> optimizer,
            @Nullable Share share,
            String dataFingerprint,
            long seed,
            Manifest.@Nullable Origin origin,
            GoldenRows golden) {
        /** Of a training whose values were all drawn. */
        public Contents(
                ModelFile model,
                TrainerFile trainer,
                List<Safetensors.Source> weights,
                Map<String, Tensor> optimizer,
                @Nullable Share share,
                String dataFingerprint,
                long seed) {
            this(model, trainer, weights, optimizer, share, dataFingerprint, seed, null, GoldenRows.none());
        }
    }

    /** Of one worker alone. @param keepLast how many of the newest checkpoints stay, 1 or more */
    public CheckpointWriter(Path run, int keepLast) {
        this(run, keepLast, new Agreement(World.single(), Device.CPU));
    }

    /** On every worker of a world. */
    public CheckpointWriter(Path run, int keepLast, Agreement agreement) {
        this.run = run;
        this.keepLast = keepLast;
        this.agreement = agreement;
        world = agreement.world();
        checkpoints = run.resolve(RunDirectory.CHECKPOINTS);
        if (!world.isFirst()) {
            return;
        }
        try {
            Files.createDirectories(checkpoints);
            removeUnfinished();
            Path pointer = run.resolve(RunDirectory.BEST);
            best = Files.isRegularFile(pointer) ? Files.readString(pointer).strip() : null;
        } catch (IOException e) {
            throw new FailureException("the directory " + run + " cannot be written to: " + e, e);
        }
    }

    /**
     * Writes a checkpoint; it is visible only once it is complete. Every worker calls it.
     *
     * @param isBest whether it is the best so far
     * @throws FailureException if a worker cannot write its part; what was there before stays as it was, and nothing is left
     */
    public void write(Contents contents, boolean isBest) {
        // An interrupt closes the channel of whatever file is being written: it waits, and what it broke is done again.
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    writeOnce(contents, isBest);
                    return;
                } catch (FailureException e) {
                    if (!Thread.interrupted() || world.size() > 1) {
                        throw e;
                    }
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void writeOnce(Contents contents, boolean isBest) {
        String name = RunDirectory.name(contents.trainer().step());
        Path temporary = checkpoints.resolve(".tmp-" + name);
        try {
            together(name, world.isFirst(), () -> {
                Durable.deleteDirectory(temporary);
                Files.createDirectory(temporary);
            });
            together(name, true, () -> writeParts(temporary, contents));
            // By itself: workers may have to make weights together, which one that has failed could not do.
            together(name, true, () -> writeWeights(temporary, contents.weights()));
            together(name, world.isFirst(), () -> publish(temporary, name, contents, isBest));
        } finally {
            if (world.isFirst()) {
                discard(temporary);
            }
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    /** Runs a step, where it is this worker's, and waits for the others. A failure of any is the failure of all. */
    private void together(String name, boolean mine, Step step) {
        RuntimeException failure = null;
        try {
            if (mine) {
                step.run();
            }
        } catch (IOException e) {
            failure = new FailureException(
                    "the checkpoint " + checkpoints.resolve(name) + " cannot be written: " + e
                            + "; earlier checkpoints are untouched",
                    e);
        } catch (RuntimeException e) {
            failure = e;
        }
        if (!agreement.any(failure != null)) {
            return;
        }
        List<String> said = world.exchange(failure == null ? "" : String.valueOf(failure.getMessage()));
        if (failure != null) {
            throw failure;
        }
        for (int rank = 0; rank < said.size(); rank++) {
            if (!said.get(rank).isEmpty()) {
                throw new FailureException("worker " + rank + " failed: " + said.get(rank));
            }
        }
    }

    private void writeParts(Path temporary, Contents contents) throws IOException {
        if (!Files.isDirectory(temporary)) {
            throw new IOException("worker " + world.rank() + " does not see the directory that the first one made;"
                    + " all need the run's directory on a file system that they share");
        }
        Share share = contents.share();
        if (share != null) {
            Safetensors.write(
                    temporary.resolve(StateFiles.name(world.rank(), world.size())),
                    contents.optimizer(),
                    share.metadata());
        } else if (world.isFirst()) {
            Safetensors.write(temporary.resolve(StateFiles.name(0, 1)), contents.optimizer(), Map.of());
        }
        if (world.isFirst()) {
            ModelFile model = TransformFiles.copy(contents.model(), temporary);
            CheckpointJson.write(temporary.resolve(Checkpoint.MODEL), ModelFile.class, model);
            CheckpointJson.write(temporary.resolve(Checkpoint.TRAINER), TrainerFile.class, contents.trainer());
            if (!contents.golden().rows().isEmpty()) {
                contents.golden().write(temporary);
            }
        }
    }

    /** Where the disk fails, the other workers are still making weights with this one. */
    private void writeWeights(Path temporary, List<Safetensors.Source> weights) {
        if (!world.isFirst()) {
            make(Safetensors.order(weights));
            return;
        }
        AtomicInteger made = new AtomicInteger();
        List<Safetensors.Source> counted = weights.stream()
                .map(s -> new Safetensors.Source(s.name(), s.dtype(), s.shape(), () -> {
                    made.incrementAndGet();
                    return s.values().get();
                }))
                .toList();
        try {
            Safetensors.write(temporary.resolve(Checkpoint.WEIGHTS), counted, Map.of("format", "pt"));
        } catch (FailureException e) {
            make(Safetensors.order(weights).subList(made.get(), weights.size()));
            throw e;
        }
    }

    private static void make(List<Safetensors.Source> weights) {
        for (Safetensors.Source source : weights) {
            try (Scope scope = Scope.open()) {
                Objects.requireNonNull(source.values().get());
            }
        }
    }

    private void publish(Path temporary, String name, Contents contents, boolean isBest) throws IOException {
        CheckpointJson.write(temporary.resolve(Checkpoint.MANIFEST), Manifest.class, manifest(temporary, contents));
        Durable.publish(temporary, checkpoints.resolve(name));
        if (isBest) {
            // First, so that a crash in between never leaves LATEST without a BEST.
            point(RunDirectory.BEST, name);
            best = name;
        }
        point(RunDirectory.LATEST, name);
        deleteOld();
    }

    /** Names a checkpoint that is complete. @throws FailureException that says so, and what the pointer names still */
    private void point(String pointer, String name) {
        Path file = run.resolve(pointer);
        try {
            Durable.write(file, name + "\n");
        } catch (IOException e) {
            boolean says = e instanceof FileSystemException f && f.getReason() != null;
            String reason = says ? ((FileSystemException) e).getReason() : e.toString();
            throw new FailureException(
                    "the checkpoint " + checkpoints.resolve(name) + " is complete, but " + file
                            + ", which names it, could not be replaced (" + reason + ") and "
                            + named(file).map(named -> "still names " + named).orElse("is not there")
                            + named(run.resolve(RunDirectory.LATEST))
                                    .map(newest -> ": a training goes on from " + newest)
                                    .orElse(": a training goes on from the newest that is complete"),
                    e);
        }
    }

    private static Optional<String> named(Path pointer) {
        try {
            return Optional.of(Files.readString(pointer).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Of a failed write: gives a full disk its space back. What cannot be deleted is invisible, and goes when the next run starts. */
    private static void discard(Path temporary) {
        try {
            Durable.deleteDirectory(temporary);
        } catch (IOException e) {
            LOG.warn("cannot delete {}: {}", temporary, e.toString());
        }
    }

    private Manifest manifest(Path directory, Contents contents) throws IOException {
        List<String> names = new ArrayList<>(List.of(Checkpoint.MODEL, Checkpoint.WEIGHTS, Checkpoint.TRAINER));
        names.addAll(TransformFiles.names(contents.model()));
        if (!contents.golden().rows().isEmpty()) {
            names.add(GoldenRows.FILE);
        }
        int workers = contents.share() == null ? 1 : world.size();
        for (int rank = 0; rank < workers; rank++) {
            names.add(StateFiles.name(rank, workers));
        }
        Map<String, Manifest.Entry> files = new TreeMap<>();
        for (String name : names) {
            Path file = directory.resolve(name);
            files.put(name, new Manifest.Entry(Files.size(file), Sha256.of(file)));
        }
        return new Manifest(
                ModelFile.FORMAT,
                files,
                Provenance.versions(),
                contents.dataFingerprint(),
                contents.seed(),
                Provenance.commit(),
                contents.origin(),
                false);
    }

    /** What cannot be deleted stays, with a warning: the new checkpoint is there, which is what matters. */
    private void deleteOld() {
        List<Path> all = new ArrayList<>(new RunDirectory(run).newestFirst());
        for (int i = keepLast; i < all.size(); i++) {
            Path old = all.get(i);
            if (!old.getFileName().toString().equals(best)) {
                try {
                    delete(old);
                } catch (IOException e) {
                    LOG.warn("the old checkpoint {} cannot be deleted and stays: {}", old, e.toString());
                }
            }
        }
    }

    private void delete(Path old) throws IOException {
        Path doomed = checkpoints.resolve(".tmp-" + old.getFileName());
        Durable.deleteDirectory(doomed);
        // Renamed first: a crash while deleting must not leave half a checkpoint under a good name.
        Files.move(old, doomed);
        Durable.deleteDirectory(doomed);
    }

    private void removeUnfinished() throws IOException {
        try (var entries = Files.list(checkpoints)) {
            for (Path entry : entries.filter(p -> p.getFileName().toString().startsWith("."))
                    .toList()) {
                discard(entry);
            }
        }
    }
}
