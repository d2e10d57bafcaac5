package dev.jumbo.train.own;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Batch;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.objective.Objective;
import dev.jumbo.train.objective.TrainedModels;
import dev.jumbo.train.objective.Weighted;

/** Squared error of what a decoder makes of an encoder's code, times a factor; nothing is drawn. */
@Kind("recodes")
public record Recodes(@Doc("Factor of the error.") double factor) implements Objective {
    @Override
    public Weighted of(TrainedModels models, Batch batch, Pass pass) {
        Tensor x = batch.tensors().main().to(models.device());
        Tensor back = models.get("decoder").forward(models.get("encoder").forward(x, pass), pass);
        return Weighted.sum(back.sub(x).pow(2).sum().mul(factor), batch.size());
    }
}
