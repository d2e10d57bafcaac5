package dev.jumbo.train.own;

import dev.jumbo.config.Kind;
import dev.jumbo.data.Batch;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.objective.Objective;
import dev.jumbo.train.objective.TrainedModels;
import dev.jumbo.train.objective.Weighted;

/** Least squares of a discriminator (Mao et al., 2017, equation 9). */
@Kind("discriminates")
public record Discriminates() implements Objective {
    @Override
    public Weighted of(TrainedModels models, Batch batch, Pass pass) {
        Tensor x = batch.tensors().main();
        Tensor made = models.get("generator")
                .forward(Tensor.randn(Shape.of(batch.size(), 3)), pass)
                .detach();
        Tensor right =
                models.get("discriminator").forward(x, pass).sub(1).pow(2).sum();
        Tensor wrong = models.get("discriminator").forward(made, pass).pow(2).sum();
        return Weighted.sum(right.add(wrong), batch.size());
    }
}
