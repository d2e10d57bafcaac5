package dev.jumbo.cli;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Normalizer;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.source.DataConfig;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.transform.Transformed;
import dev.jumbo.nn.Model;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.TrainConfig;
import dev.jumbo.train.plan.work.Workload;
import java.nio.file.Path;
import java.util.List;

/** What a plan has to know of the data: by the section {@code plan} where it says enough, otherwise by reading the dataset. */
final class PlannedData {
    private PlannedData() {}

    static Workload workload(PlanFile file) {
        TrainConfig train = file.train();
        DataConfig data = file.data();
        if (data == null || file.plan().describesData()) {
            return file.plan().workload(file.layer(), train);
        }
        DataParts loaded = data.load(Path.of(System.getProperty("java.io.tmpdir")));
        DataParts parts = loaded.divide(train.split(), train.shares(), train.fold(), train.seed());
        Dataset examples = Transformed.fitted(parts.train());
        long held = parts.validation() == null ? 0 : parts.validation().size();
        long used = examples.size();
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
                new Workload.Data(bytes(loaded.train()), data.augmentation().size()));
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
