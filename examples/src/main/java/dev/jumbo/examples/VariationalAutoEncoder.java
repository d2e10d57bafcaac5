package dev.jumbo.examples;

import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.reshape;
import static dev.jumbo.train.optim.Optimizers.adam;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Batch;
import dev.jumbo.data.digits.Digits;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.ModelGroup;
import dev.jumbo.nn.layers.ModelGroup.GroupedModel;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.Evaluator;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.objective.Objective;
import dev.jumbo.train.objective.TrainedModels;
import dev.jumbo.train.objective.Weighted;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A variational auto-encoder of digits (Kingma, Welling, 2014): an encoder says mean and variance of a code, a decoder draws a digit
 * from it; the decoder answers once it is trained.
 *
 * <p>Usage: {@code VariationalAutoEncoder [RUN_DIR] [EXAMPLES] [EPOCHS]}
 */
public final class VariationalAutoEncoder {
    private static final int CODE = 8;

    private VariationalAutoEncoder() {}

    /** Squared error of the digit, and the divergence of its code from a normal distribution (equation 10). */
    @Kind("evidence_bound")
    public record EvidenceBound(
            @Doc("Factor of the divergence.") @Default("1.0")
            double beta) implements Objective {
        @Override
        public Weighted of(TrainedModels models, Batch batch, Pass pass) {
            Tensor x = batch.tensors().main().to(models.device());
            Tensor code = models.get("encoder").forward(x, pass);
            Tensor mean = code.narrow(1, 0, CODE);
            Tensor logVariance = code.narrow(1, CODE, CODE);
            Tensor noise = Tensor.randn(Shape.of(batch.size(), CODE)).to(models.device());
            Tensor drawn = mean.add(logVariance.mul(0.5).exp().mul(noise));
            Tensor error =
                    models.get("decoder").forward(drawn, pass).sub(x).pow(2).sum();
            Tensor divergence = logVariance
                    .add(1)
                    .sub(mean.pow(2))
                    .sub(logVariance.exp())
                    .sum()
                    .mul(-0.5);
            return Weighted.sum(
                    error.add(divergence.mul(beta)), batch.size(), Map.of("error", error, "divergence", divergence));
        }

        @Override
        public Set<String> parts() {
            return Set.of("error", "divergence");
        }
    }

    public static void main(String[] args) {
        Path run = Path.of(args.length > 0 ? args[0] : "runs/autoencoder");
        Digits digits = Digits.draw(args.length > 1 ? Integer.parseInt(args[1]) : Digits.TRAIN, 500, 0);
        Map<String, GroupedModel> models = new LinkedHashMap<>();
        models.put(
                "encoder",
                new GroupedModel(null, Sequential.of(flatten(), dense(256, Activation.RELU), dense(2 * CODE))));
        models.put(
                "decoder",
                new GroupedModel(
                        Spec.floats(CODE),
                        Sequential.of(dense(256, Activation.RELU), dense(28 * 28), reshape(1, 28, 28))));
        Checkpoint best = Trainer.of(new ModelGroup(models, "decoder"))
                .objective(new EvidenceBound(0.5))
                .optimizer(adam(1e-3))
                .epochs(args.length > 2 ? Integer.parseInt(args[2]) : 10)
                .batchSize(64)
                .validationSplit(0.1)
                .monitor("val_error")
                .seed(1)
                .saveTo(run)
                .build()
                .fit(digits.train());
        System.out.println(Evaluator.evaluate(best, digits.test()));
    }
}
