package dev.jumbo.examples;

import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.leakyRelu;
import static dev.jumbo.nn.layers.Layers.reshape;
import static dev.jumbo.train.optim.Optimizers.adam;

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
import dev.jumbo.train.Predictor;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.objective.Objective;
import dev.jumbo.train.objective.Phase;
import dev.jumbo.train.objective.TrainedModels;
import dev.jumbo.train.objective.Weighted;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A generator that draws digits and a discriminator that tells them from true ones (Goodfellow et al., 2014), with least squares as
 * losses (Mao et al., 2017): each step has two phases, with an optimizer each.
 *
 * <p>Usage: {@code TwoPlayers [RUN_DIR] [EXAMPLES] [EPOCHS]}
 */
public final class TwoPlayers {
    private static final int NOISE = 16;

    private TwoPlayers() {}

    private static Tensor drawn(TrainedModels models, Batch batch, Pass pass) {
        Tensor noise = Tensor.randn(Shape.of(batch.size(), NOISE)).to(models.device());
        return models.get("generator").forward(noise, pass);
    }

    /** {@code (D(x) - 1)^2 + D(G(z))^2} over a batch. */
    @Kind("discriminates")
    public record Discriminates() implements Objective {
        @Override
        public Weighted of(TrainedModels models, Batch batch, Pass pass) {
            Tensor digits = batch.tensors().main().to(models.device());
            Tensor right = models.get("discriminator")
                    .forward(digits, pass)
                    .sub(1)
                    .pow(2)
                    .sum();
            Tensor wrong = models.get("discriminator")
                    .forward(drawn(models, batch, pass).detach(), pass)
                    .pow(2)
                    .sum();
            return Weighted.sum(right.add(wrong), batch.size(), Map.of("real", right, "drawn", wrong));
        }
    }

    /** {@code (D(G(z)) - 1)^2} over a batch. */
    @Kind("generates")
    public record Generates() implements Objective {
        @Override
        public Weighted of(TrainedModels models, Batch batch, Pass pass) {
            Tensor judged = models.get("discriminator").forward(drawn(models, batch, pass), pass);
            return Weighted.sum(judged.sub(1).pow(2).sum(), batch.size());
        }
    }

    public static void main(String[] args) {
        Path run = Path.of(args.length > 0 ? args[0] : "runs/two-players");
        Digits digits = Digits.draw(args.length > 1 ? Integer.parseInt(args[1]) : Digits.TRAIN, 500, 0);
        Map<String, GroupedModel> models = new LinkedHashMap<>();
        models.put(
                "generator",
                new GroupedModel(
                        Spec.floats(NOISE),
                        Sequential.of(dense(128, Activation.RELU), dense(28 * 28), reshape(1, 28, 28))));
        models.put(
                "discriminator",
                new GroupedModel(null, Sequential.of(flatten(), dense(128), leakyRelu(0.2), dense(1))));
        Checkpoint last = Trainer.of(new ModelGroup(models, "generator"))
                .phases(
                        Phase.of("judge", "discriminator", new Discriminates(), adam(2e-4)),
                        Phase.of("draw", "generator", new Generates(), adam(2e-4)))
                .epochs(args.length > 2 ? Integer.parseInt(args[2]) : 20)
                .batchSize(64)
                .seed(1)
                .saveTo(run)
                .build()
                .fit(digits.train());
        System.out.println(Evaluator.evaluate(last, digits.test()));
        try (Predictor generator = Predictor.of(last)) {
            float[] digit = generator.predict(List.of(new float[NOISE]), 1).get(0);
            System.out.println("a digit of " + digit.length + " pixels");
        }
    }
}
