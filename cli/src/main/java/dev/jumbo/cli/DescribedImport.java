package dev.jumbo.cli;

import dev.jumbo.data.Normalizer;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.source.NoData;
import dev.jumbo.error.InputException;
import dev.jumbo.train.TargetScaling;
import dev.jumbo.train.TrainConfig;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.TrainerBuilder;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Weights of an architecture that a file of Jumbo describes, under names that {@code train.init_map} brings to the model's.
 *
 * @param weights a safetensors file, or a directory with one or several
 * @param file a run's configuration; without data, {@code plan} says what inputs and targets are
 */
record DescribedImport(Path weights, Path file, List<String> settings) {
    /** @throws InputException if the weights are not all of the model, and nothing else; nothing is written then */
    Checkpoint write(Path out) {
        RunConfig read = RunConfig.read(file, settings);
        TrainConfig train = read.train();
        if (!train.initMissing().isEmpty()) {
            throw new InputException(
                    "train.init_missing: expected none to import, as a drawn parameter answers nothing," + " received "
                            + train.initMissing() + "; train from these weights instead (train.init_from)");
        }
        TrainerBuilder from = Trainer.of(read.layer()).config(train).initFrom(weights);
        // The outputs mean what the other program made of them, in their own unit.
        TargetScaling scaling = train.targetScaling();
        RunFolder run = RunFolder.create(
                out, read.with((scaling == null ? from.targetScaling(TargetScaling.NONE) : from).config()), false);
        if (read.data().dataset() instanceof NoData) {
            requireNothingFitted(read.data().normalization());
            return Stages.begin(run, DataParts.of(read.plan().zeros(train.batchSize()), null, null));
        }
        DataParts data = run.config().load(out);
        RunFolder resolved = run.resolved(data);
        return Stages.begin(resolved, resolved.divided(data));
    }

    private static void requireNothingFitted(@Nullable Normalizer normalizer) {
        if (normalizer != null && normalizer != Normalizer.NONE && normalizer != Normalizer.RESCALE) {
            throw new InputException(
                    "data.normalization: expected none or rescale without data, received "
                            + normalizer.name().toLowerCase(Locale.ROOT)
                            + ", which is fitted on examples; give the data that the model was trained on, or scale by a layer");
        }
    }
}
