package dev.jumbo.train;

import dev.jumbo.config.UnknownKindException;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.Transform;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Loss;
import dev.jumbo.train.checkpoint.Kinds;
import dev.jumbo.train.objective.Objective;
import dev.jumbo.train.objective.Phase;
import java.util.Map;

/** What checkpoints describe, checked before the first step instead of at the first save. */
final class SavedKinds {
    private SavedKinds() {}

    /** @throws UnknownKindException if the preprocessing is of a kind that files may not name */
    static void check(Preprocessing preprocessing) {
        Kinds.records().write(Preprocessing.class, preprocessing);
    }

    /** @throws UnknownKindException likewise, of transforms */
    static void check(Map<String, Transform> transforms) {
        transforms.values().forEach(each -> Kinds.records().write(Transform.class, each));
    }

    /** @throws UnknownKindException if a layer or the loss is of a kind that files may not name, saying what to do */
    static void check(TrainerBuilder.Setup setup) {
        Kinds.records().write(Layer.class, setup.model());
        Loss loss = setup.config().loss();
        if (loss != null) {
            Kinds.records().write(Loss.class, loss);
        }
        if (setup.config().objective() != null) {
            Kinds.records().write(Objective.class, setup.config().objective());
        }
        for (Phase phase : setup.config().phases()) {
            Kinds.records().write(Phase.class, phase);
        }
        setup.config().losses().values().forEach(each -> Kinds.records().write(Loss.class, each.loss()));
    }
}
