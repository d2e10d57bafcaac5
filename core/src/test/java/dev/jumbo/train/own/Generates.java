package dev.jumbo.train.own;

import dev.jumbo.config.Kind;
import dev.jumbo.data.Batch;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.objective.Objective;
import dev.jumbo.train.objective.TrainedModels;
import dev.jumbo.train.objective.Weighted;

/** Least squares of a generator. */
@Kind("generates")
public record Generates() implements Objective {
    @Override
    public Weighted of(TrainedModels models, Batch batch, Pass pass) {
        Tensor made = models.get("generator").forward(Tensor.randn(Shape.of(batch.size(), 3)), pass);
        Tensor judged = models.get("discriminator").forward(made, pass);
        return Weighted.sum(judged.sub(1).pow(2).sum(), batch.size());
    }
}
