package dev.jumbo.train;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.batchNorm;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.dropout;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.relu;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.digits.Digits;
import dev.jumbo.dist.ThreadWorlds;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.Scope;
import dev.jumbo.train.DistributedConfig.Strategy;
import dev.jumbo.train.TrainConfig.Precision;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.optim.Optimizers;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trainings that run blocks twice, compared with those that do not. */
class RecomputeTrainingTest {
    private static final Dataset DATA = Digits.draw(120, 0, 3).train();

    @TempDir
    Path runs;

    @ParameterizedTest
    @CsvSource({
        "1, DATA_PARALLEL, FP32, false",
        "1, DATA_PARALLEL, BF16, false",
        "2, DATA_PARALLEL, FP32, true",
        "2, DATA_PARALLEL, BF16, false",
        "3, ZERO1, FP32, false",
        "2, ZERO1, BF16, true",
        "2, PIPELINE, FP32, false"
    })
    void weights_averages_and_statistics_are_the_same_to_the_bit(
            int workers, Strategy strategy, Precision precision, boolean synchronised) {
        Map<String, float[]> plain = train(workers, strategy, precision, synchronised, false);
        Map<String, float[]> again = train(workers, strategy, precision, synchronised, true);
        assertThat(again.keySet()).isEqualTo(plain.keySet());
        plain.forEach((name, values) -> assertThat(again.get(name)).as(name).containsExactly(values));
    }

    private Map<String, float[]> train(
            int workers, Strategy strategy, Precision precision, boolean synchronised, boolean recompute) {
        Path run = runs.resolve("run-" + recompute);
        Layer model = Sequential.of(
                conv2d(4, 3, RELU),
                batchNorm(),
                relu(),
                dropout(0.1),
                conv2d(4, 3),
                batchNorm(),
                relu(),
                flatten(),
                dense(32, RELU),
                dropout(0.2),
                batchNorm(),
                dense(10));
        ThreadWorlds.run(
                workers,
                world -> Trainer.of(model)
                        .optimizer(Optimizers.adam(1e-3))
                        .epochs(2)
                        .batchSize(20)
                        .gradientAccumulation(2)
                        .maxGradNorm(0.8)
                        .emaDecay(0.9)
                        .precision(precision)
                        .recompute(recompute)
                        .seed(7)
                        .distributed(new DistributedConfig(strategy, synchronised, 0.01, 4, 30, 3, null))
                        .world(world)
                        .saveTo(run)
                        .build()
                        .fit(DATA));
        Map<String, float[]> weights = new LinkedHashMap<>();
        try (Scope scope = Scope.open()) {
            Checkpoint.latest(run).weights().forEach((name, tensor) -> weights.put(name, tensor.toFloats()));
        }
        return weights;
    }
}
