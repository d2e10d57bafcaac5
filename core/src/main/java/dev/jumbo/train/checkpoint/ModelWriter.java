package dev.jumbo.train.checkpoint;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Durable;
import dev.jumbo.files.Sha256;
import dev.jumbo.tensor.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes a run of a model that was not trained here: one checkpoint of step 0 that answers, and from which trainings begin ({@code
 * train.init_from}), without the state of an optimizer.
 */
public final class ModelWriter {
    private ModelWriter() {}

    /**
     * Writes the checkpoint, complete or not at all.
     *
     * @param run a directory without a run, made if it is not there
     * @param weights by their names, shapes and order in the model; of any floating type
     * @param origin where they come from
     * @return what was written
     * @throws InputException if there is a run already
     * @throws FailureException if it cannot be written; nothing is left then
     */
    public static Checkpoint write(
            Path run, ModelFile model, List<Safetensors.Source> weights, Manifest.@Nullable Origin origin) {
        RunDirectory directory = new RunDirectory(run);
        if (directory.hasCheckpoint()) {
            throw new InputException(
                    "expected a directory without a run, found one at " + run + ": choose another directory");
        }
        String name = RunDirectory.name(0);
        Path checkpoint = run.resolve(RunDirectory.CHECKPOINTS).resolve(name);
        Path temporary = Durable.temporary(checkpoint);
        try {
            Files.createDirectories(temporary);
            List<String> names = new ArrayList<>(List.of(Checkpoint.MODEL, Checkpoint.TRAINER, Checkpoint.WEIGHTS));
            names.addAll(TransformFiles.names(model));
            CheckpointJson.write(
                    temporary.resolve(Checkpoint.MODEL), ModelFile.class, TransformFiles.copy(model, temporary));
            CheckpointJson.write(temporary.resolve(Checkpoint.TRAINER), TrainerFile.class, start());
            Safetensors.write(temporary.resolve(Checkpoint.WEIGHTS), weights, Map.of("format", "pt"));
            Map<String, Manifest.Entry> files = new TreeMap<>();
            for (String each : names) {
                Path file = temporary.resolve(each);
                files.put(each, new Manifest.Entry(Files.size(file), Sha256.of(file)));
            }
            Manifest manifest = new Manifest(ModelFile.FORMAT, files, Provenance.versions(), "", 0, null, origin, true);
            CheckpointJson.write(temporary.resolve(Checkpoint.MANIFEST), Manifest.class, manifest);
            Durable.publish(temporary, checkpoint);
            Durable.writeOrFail(run.resolve(RunDirectory.BEST), name + "\n");
            Durable.writeOrFail(run.resolve(RunDirectory.LATEST), name + "\n");
        } catch (IOException e) {
            discard(temporary, e);
            throw new FailureException("the checkpoint " + checkpoint + " cannot be written: " + e, e);
        } catch (RuntimeException e) {
            discard(temporary, e);
            throw e;
        }
        return Checkpoint.best(run);
    }

    private static TrainerFile start() {
        return new TrainerFile(0, 0, 0, null, 0, Map.of(), "loss", Map.of(), null, Map.of());
    }

    private static void discard(Path temporary, Exception cause) {
        try {
            Durable.deleteDirectory(temporary);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }
}
