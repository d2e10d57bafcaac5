package dev.jumbo.serve.repository.load;

import dev.jumbo.error.InputException;
import dev.jumbo.onnx.run.OnnxPredictor;
import dev.jumbo.serve.repository.disk.FoundVersion;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.infer.EngineChoice;

/**
 * Checkpoints, the best ones of runs, and ONNX models.
 *
 * @param engine what computes for checkpoints
 */
public record SavedVersions(EngineChoice engine) implements VersionOpener {
    @Override
    public Opened open(FoundVersion version) {
        FoundVersion.Form form = version.form();
        if (form == null) {
            throw new InputException("expected a checkpoint, the directory of a run or model.onnx");
        }
        return switch (form) {
            case CHECKPOINT -> checkpoint(Checkpoint.openModel(version.directory()));
            case RUN -> checkpoint(Checkpoint.best(version.directory()));
            case ONNX -> Opened.of(OnnxPredictor.open(version.directory()));
        };
    }

    private Opened checkpoint(Checkpoint checkpoint) {
        return new Opened(Predictor.of(checkpoint, engine), checkpoint.golden());
    }
}
