package dev.jumbo.train.own;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Batch;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.objective.Objective;
import dev.jumbo.train.objective.TrainedModels;
import dev.jumbo.train.objective.Weighted;
import java.util.Map;

/** Squared error of what a model gives back of its input; nothing is drawn. */
@Kind("restores")
public record Restores(
        @Doc("How often the model passes.") int passes,
        @Doc("Whether it says that it passes once.") boolean passesOnce) implements Objective {
    @Override
    public Weighted of(TrainedModels models, Batch batch, Pass pass) {
        Tensor x = batch.tensors().main().to(models.device());
        Tensor back = x;
        for (int i = 0; i < passes; i++) {
            back = models.main().forward(back, pass);
        }
        Tensor squares = back.sub(x).pow(2).sum();
        return Weighted.sum(squares, batch.size(), Map.of("squares", squares));
    }
}
