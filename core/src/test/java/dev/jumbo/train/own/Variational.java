package dev.jumbo.train.own;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Batch;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.objective.Objective;
import dev.jumbo.train.objective.TrainedModels;
import dev.jumbo.train.objective.Weighted;
import java.util.Map;
import java.util.Set;

/** Squared error of what a code gives back, and the divergence of the code from a normal distribution (Kingma, Welling, 2014). */
@Kind("variational")
public record Variational(
        @Doc("Factor of the divergence.") @Default("1.0") double beta) implements Objective {
    @Override
    public Weighted of(TrainedModels models, Batch batch, Pass pass) {
        Tensor x = batch.tensors().main().to(models.device());
        Tensor code = models.get("encoder").forward(x, pass);
        long size = code.size(1) / 2;
        Tensor mean = code.narrow(1, 0, size);
        Tensor logVariance = code.narrow(1, size, size);
        Tensor noise = Tensor.randn(Shape.of(x.size(0), size));
        Tensor back = models.get("decoder")
                .forward(mean.add(logVariance.mul(0.5).exp().mul(noise)), pass);
        Tensor error = back.sub(x).pow(2).sum();
        Tensor divergence =
                logVariance.add(1).sub(mean.pow(2)).sub(logVariance.exp()).sum().mul(-0.5);
        return Weighted.sum(
                error.add(divergence.mul(beta)), batch.size(), Map.of("error", error, "divergence", divergence));
    }

    @Override
    public Set<String> parts() {
        return Set.of("error", "divergence");
    }
}
