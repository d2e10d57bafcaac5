package dev.jumbo.cli;

import dev.jumbo.data.Normalizer;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.train.Evaluator;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.TrainerBuilder;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.metrics.Metric;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** From a configuration to the rooms' own objects: the only place that knows both. */
final class Stages {
    private Stages() {}

    /** Trains what a folder's configuration describes. @return the best checkpoint */
    static Checkpoint train(RunFolder run, DataParts data, boolean resume, PrintWriter err) {
        RunConfig config = run.config();
        try (Progress progress = new Progress(err)) {
            TrainerBuilder builder = Trainer.of(config.model().layer())
                    .config(config.train())
                    .augmentations(config.data().augmentation())
                    .mixing(config.data().mixing())
                    .saveTo(run.directory())
                    .resume(resume)
                    .callback(progress);
            Normalizer normalizer = config.data().normalization();
            if (data.fit() != null) {
                builder.fitPreprocessing(data.fit());
            } else if (normalizer != null) {
                builder.fitPreprocessing(normalizer::fit);
            }
            return builder.build().fit(data.train(), data.validation());
        }
    }

    /** The loss and metrics of a checkpoint on a part of the data. */
    static Map<String, Double> evaluate(RunFolder run, Checkpoint checkpoint, EvaluateConfig.Part part) {
        List<Metric> metrics = run.config().evaluate().metrics();
        List<Metric> used = metrics == null ? run.config().train().metrics() : metrics;
        return Evaluator.evaluate(checkpoint, run.part(part), used.toArray(Metric[]::new));
    }
}
