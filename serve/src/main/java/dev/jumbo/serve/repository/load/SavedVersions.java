package dev.jumbo.serve.repository.load;

import dev.jumbo.error.InputException;
import dev.jumbo.serve.repository.disk.FoundVersion;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.infer.EngineChoice;

/**
 * Checkpoints, and the best ones of runs.
 *
 * @param engine what computes
 */
public record SavedVersions(EngineChoice engine) implements VersionOpener {
    @Override
    public Predictor open(FoundVersion version) {
        FoundVersion.Form form = version.form();
        if (form == FoundVersion.Form.CHECKPOINT) {
            return Predictor.of(Checkpoint.openModel(version.directory()), engine);
        }
        if (form == FoundVersion.Form.RUN) {
            return Predictor.of(Checkpoint.best(version.directory()), engine);
        }
        throw new InputException("this server takes checkpoints and the directories of runs");
    }
}
