package dev.jumbo.train;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.dense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.train.optim.Optimizers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LearningRateTestTest {
    @Test
    void the_steepest_point_is_that_of_numpy() throws Exception {
        for (JsonNode one : new ObjectMapper()
                .readTree(Path.of("src/test/resources/learning_rate_test.json").toFile())) {
            double[] curve = new double[one.path("curve").size()];
            for (int i = 0; i < curve.length; i++) {
                curve[i] = one.path("curve").get(i).asDouble();
            }
            assertThat(LearningRateTest.steepest(curve))
                    .isEqualTo(one.path("steepest").asInt());
        }
    }

    @Test
    void rates_grow_by_one_factor_and_the_suggestion_lies_where_training_works() {
        LearningRateTest test = LearningRateTest.run(
                Trainer.of(Sequential.of(dense(16, RELU), dense(2)))
                        .optimizer(Optimizers.adam(1e-3))
                        .batchSize(32)
                        .seed(1),
                Moons.of(600, 1),
                100);
        assertThat(test.points().get(0).learningRate()).isCloseTo(1e-7, within(1e-12));
        assertThat(test.points().get(1).learningRate() / test.points().get(0).learningRate())
                .isCloseTo(Math.pow(1e8, 1.0 / 99), within(1e-9));
        assertThat(test.suggestion()).isBetween(1e-4, 1.0);
    }
}
