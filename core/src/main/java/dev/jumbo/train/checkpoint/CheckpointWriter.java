package dev.jumbo.train.checkpoint;

import dev.jumbo.error.FailureException;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the checkpoints of a run, keeps the newest ones and the best, and deletes the others. */
public final class CheckpointWriter {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointWriter.class);

    private final Path run;
    private final Path checkpoints;
    private final int keepLast;
    private @Nullable String best;

    /**
     * What a checkpoint holds.
     *
     * @param weights PyTorch's names and order
     * @param optimizer flat state
     */
    public record Contents(
            ModelFile model,
            TrainerFile trainer,
            Map<String, Tensor> weights,
            Map<String, Tensor> optimizer,
            String dataFingerprint,
            long seed) {}

    /** @param keepLast how many of the newest checkpoints stay, 1 or more */
    public CheckpointWriter(Path run, int keepLast) {
        this.run = run;
        this.keepLast = keepLast;
        checkpoints = run.resolve(Checkpoint.DIRECTORY);
        try {
            Files.createDirectories(checkpoints);
            removeUnfinished();
            Path pointer = run.resolve(Checkpoint.BEST);
            best = Files.isRegularFile(pointer) ? Files.readString(pointer).strip() : null;
        } catch (IOException e) {
            throw new FailureException("the directory " + run + " cannot be written to: " + e, e);
        }
    }

    /**
     * Writes a checkpoint; it is visible only once it is complete.
     *
     * @param isBest whether it is the best so far
     * @throws FailureException if it cannot be written; what was there before stays as it was, and nothing is left of it
     */
    public void write(Contents contents, boolean isBest) {
        String name = String.format(Locale.ROOT, "step-%08d", contents.trainer().step());
        Path temporary = checkpoints.resolve(".tmp-" + name);
        try {
            Durable.deleteDirectory(temporary);
            Files.createDirectory(temporary);
            CheckpointJson.write(temporary.resolve(Checkpoint.MODEL), ModelFile.class, contents.model());
            CheckpointJson.write(temporary.resolve(Checkpoint.TRAINER), TrainerFile.class, contents.trainer());
            Safetensors.write(temporary.resolve(Checkpoint.WEIGHTS), contents.weights(), Map.of("format", "pt"));
            Safetensors.write(temporary.resolve(Checkpoint.OPTIMIZER), contents.optimizer(), Map.of());
            CheckpointJson.write(temporary.resolve(Checkpoint.MANIFEST), Manifest.class, manifest(temporary, contents));
            Durable.publish(temporary, checkpoints.resolve(name));
            if (isBest) {
                // First, so that a crash in between never leaves LATEST without a BEST.
                Durable.write(run.resolve(Checkpoint.BEST), name + "\n");
                best = name;
            }
            Durable.write(run.resolve(Checkpoint.LATEST), name + "\n");
            deleteOld();
        } catch (IOException e) {
            throw new FailureException(
                    "the checkpoint " + checkpoints.resolve(name) + " cannot be written: " + e
                            + "; earlier checkpoints are untouched",
                    e);
        } finally {
            discard(temporary);
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

    private static Manifest manifest(Path directory, Contents contents) throws IOException {
        Map<String, Manifest.Entry> files = new TreeMap<>();
        for (String name : List.of(Checkpoint.MODEL, Checkpoint.WEIGHTS, Checkpoint.OPTIMIZER, Checkpoint.TRAINER)) {
            Path file = directory.resolve(name);
            files.put(name, new Manifest.Entry(Files.size(file), Hashes.sha256(file)));
        }
        return new Manifest(
                ModelFile.FORMAT,
                files,
                Provenance.versions(),
                contents.dataFingerprint(),
                contents.seed(),
                Provenance.commit());
    }

    private void deleteOld() throws IOException {
        List<Path> all = new ArrayList<>(Checkpoint.newestFirst(run));
        for (int i = keepLast; i < all.size(); i++) {
            if (!all.get(i).getFileName().toString().equals(best)) {
                Path doomed = checkpoints.resolve(".tmp-" + all.get(i).getFileName());
                Durable.deleteDirectory(doomed);
                // Renamed first: a crash while deleting must not leave half a checkpoint under a good name.
                Files.move(all.get(i), doomed);
                Durable.deleteDirectory(doomed);
            }
        }
    }

    private void removeUnfinished() throws IOException {
        try (var entries = Files.list(checkpoints)) {
            for (Path entry : entries.filter(p -> p.getFileName().toString().startsWith("."))
                    .toList()) {
                Durable.deleteDirectory(entry);
            }
        }
    }
}
