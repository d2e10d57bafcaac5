package dev.jumbo.cli;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.ExampleStream;
import dev.jumbo.data.Field;
import dev.jumbo.data.Normalizer;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.source.DataConfig;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.transform.Transformed;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Model;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.TrainConfig;
import dev.jumbo.train.plan.work.Workload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a plan has to know of the data: by the section {@code plan} where it says enough, otherwise by reading the dataset. */
final class PlannedData {
    private PlannedData() {}

    static Workload workload(PlanFile file) {
        TrainConfig train = file.train();
        DataConfig data = file.data();
        if (data == null || file.plan().describesData()) {
            return file.plan().workload(file.layer(), train);
        }
        DataParts loaded = data.load(Scratch.directory("jumbo-plan-"));
        DataParts parts = loaded.divide(train.split(), train.shares(), train.fold(), train.seed());
        Dataset examples = Transformed.fitted(parts.train());
        long held = parts.validation() == null ? 0 : parts.validation().size();
        long used = examples instanceof ExampleStream ? drawn(train) : examples.size();
        List<Field> inputs =
                train.inputs(preprocessing(data, parts, examples).outputs(examples.inputs()), examples.targets());
        List<Shape> outputs = Model.outputs(file.layer(), Field.specs(inputs)).shapes();
        if (!train.forTargets(outputs, examples.targets()).hasObjective()) {
            train.task(outputs, examples.targets(), false).check(outputs, examples.targets());
        }
        return new Workload(
                file.layer(),
                inputs,
                examples.targets(),
                used,
                held,
                train,
                // A stream holds a block of examples at a time.
                new Workload.Data(
                        loaded.train() instanceof ExampleStream ? 0 : bytes(loaded.train()),
                        data.augmentation().size()));
    }

    /** The examples that an epoch draws from a stream. @throws InputException if the configuration does not say when it ends */
    private static long drawn(TrainConfig train) {
        @Nullable Integer steps = train.stepsPerEpoch() == null ? train.maxSteps() : train.stepsPerEpoch();
        if (steps == null) {
            throw new InputException(
                    "train: expected steps_per_epoch or max_steps, which say when a stream ends, received neither");
        }
        return (long) steps * train.batchSize();
    }

    private static Preprocessing preprocessing(DataConfig data, DataParts parts, Dataset train) {
        if (parts.fit() != null) {
            return parts.fit().apply(train);
        }
        Normalizer normalizer = data.normalization();
        return normalizer == null ? train.preprocessing() : normalizer.fit(train);
    }

    /** What reading the data has left in the heap of this process, which reads nothing else. */
    private static long bytes(Dataset data) {
        long values = data.inputs().stream().mapToLong(Field::elements).sum();
        return data.size() * values;
    }
}
