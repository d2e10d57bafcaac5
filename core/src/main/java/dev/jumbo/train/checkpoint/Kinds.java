package dev.jumbo.train.checkpoint;

import dev.jumbo.config.Records;
import dev.jumbo.data.Augmentation;
import dev.jumbo.data.BatchAugmentation;
import dev.jumbo.data.EachInput;
import dev.jumbo.data.NoPreprocessing;
import dev.jumbo.data.Normalization;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.Transform;
import dev.jumbo.data.augment.Augmentations;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.steps.CleaningSteps;
import dev.jumbo.data.prepare.Sources;
import dev.jumbo.data.source.DataSource;
import dev.jumbo.data.split.SplitMethod;
import dev.jumbo.data.split.SplitMethods;
import dev.jumbo.data.table.encode.TableEncoding;
import dev.jumbo.data.transform.Transforms;
import dev.jumbo.nn.Initializer;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.nn.losses.RawOutputs;
import dev.jumbo.nn.losses.ScaledTargets;
import dev.jumbo.nn.weights.NameRule;
import dev.jumbo.train.metrics.Metric;
import dev.jumbo.train.metrics.Metrics;
import dev.jumbo.train.optim.Optimizer;
import dev.jumbo.train.optim.Optimizers;
import dev.jumbo.train.optim.Schedule;
import dev.jumbo.train.optim.Schedules;
import java.util.ArrayList;
import java.util.List;

/** Everything that checkpoints and configurations may name: the allow-list without which no class is ever made from a file. */
public final class Kinds {
    private static final Records RECORDS = Records.of()
            .with(Layer.class, Layers.kinds())
            .with(Initializer.class, Initializers.kinds())
            .with(Loss.class, losses())
            .with(Metric.class, Metrics.kinds())
            .with(Optimizer.class, Optimizers.kinds())
            .with(Schedule.class, Schedules.kinds())
            .with(DataSource.class, Sources.kinds())
            .with(Augmentation.class, Augmentations.kinds())
            .with(BatchAugmentation.class, Augmentations.mixingKinds())
            .with(CleaningStep.class, CleaningSteps.kinds())
            .with(NameRule.class, NameRule.kinds())
            .with(SplitMethod.class, SplitMethods.kinds())
            .with(Transform.class, Transforms.kinds())
            .with(
                    Preprocessing.class,
                    List.of(NoPreprocessing.class, Normalization.class, EachInput.class, TableEncoding.class));

    private Kinds() {}

    /** Those that a user chooses, the one that {@code train.target_scaling} makes of them, and that of a model without one. */
    private static List<Class<? extends Loss>> losses() {
        List<Class<? extends Loss>> all = new ArrayList<>(Losses.kinds());
        all.add(ScaledTargets.class);
        all.add(RawOutputs.class);
        return all;
    }

    /** Layers, losses, metrics, optimizers, schedules, data sources, augmentations, cleaning steps and preprocessing. */
    public static Records records() {
        return RECORDS;
    }
}
