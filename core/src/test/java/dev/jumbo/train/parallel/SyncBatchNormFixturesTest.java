package dev.jumbo.train.parallel;

import static dev.jumbo.nn.layers.Layers.batchNorm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.dist.ThreadWorlds;
import dev.jumbo.dist.World;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.basic.BatchNorm;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Synchronised batch normalisation over uneven parts against PyTorch's BatchNorm on the joined batch, which is what PyTorch's
 * SyncBatchNorm computes (that one itself needs CUDA). The fixtures are those of the layer, from make_layer_fixtures.py.
 */
class SyncBatchNormFixturesTest {
    private static final double TOLERANCE = 1e-5;

    @ParameterizedTest
    @ValueSource(strings = {"batch_norm_features", "batch_norm_sequence", "batch_norm_image"})
    void parts_of_different_size_give_what_pytorch_gives_for_the_joined_batch(String name) {
        JsonNode fixture = JsonFixture.read("layers/" + name);
        BatchNorm layer = name.equals("batch_norm_sequence") ? new BatchNorm(0.3, 1e-3) : batchNorm();
        Shape whole = shape(fixture.get("inputs").get(0));
        int workers = whole.size(0) > 2 ? 3 : 2;
        List<Model> models = Stream.generate(() -> Model.build(layer, whole.slice(1, whole.rank()), RandomState.of(1)))
                .limit(workers)
                .toList();
        try {
            List<Map<String, float[]>> parts =
                    ThreadWorlds.run(workers, world -> train(world, models.get(world.rank()), fixture));
            assertJoined("output", parts, fixture.get("train").get(0));
            assertJoined("input gradient", parts, fixture.get("input_gradients").get(0));
            fixture.get("gradients").fields().forEachRemaining(e -> assertSum(e.getKey(), parts, e.getValue()));
            fixture.get("after")
                    .fields()
                    .forEachRemaining(e -> parts.forEach(part -> assertClose(
                            e.getKey(), part.getOrDefault("after " + e.getKey(), new float[0]), e.getValue())));
        } finally {
            models.forEach(Model::close);
        }
    }

    /** Rank 0 has one row, the last rank all that are left. */
    private static Map<String, float[]> train(World world, Model model, JsonNode fixture) {
        try (Scope scope = Scope.open();
                WholeBatch whole = new WholeBatch(world)) {
            Map<String, Tensor> parameters = new LinkedHashMap<>();
            fixture.get("parameters").fields().forEachRemaining(e -> parameters.put(e.getKey(), tensor(e.getValue())));
            model.load(parameters);
            model.store().prepareTraining(false);
            Tensor x = part(world, tensor(fixture.get("inputs").get(0))).copy();
            x.requiresGrad(true);
            Tensor y = model.forward(x, Pass.forTraining(whole, null));
            y.mul(part(world, tensor(fixture.get("weights").get(0)))).sum().backward();
            whole.rethrow();
            Map<String, float[]> result = new LinkedHashMap<>();
            result.put("output", y.detach().toFloats());
            result.put("input gradient", x.grad().toFloats());
            model.store().gradientsByName().forEach((name, gradient) -> result.put(name, gradient.toFloats()));
            model.state().forEach((name, value) -> result.put("after " + name, value.toFloats()));
            return result;
        }
    }

    private static Tensor part(World world, Tensor rows) {
        boolean last = world.rank() == world.size() - 1;
        return rows.narrow(0, world.rank(), last ? rows.size(0) - world.rank() : 1);
    }

    private static void assertJoined(String what, List<Map<String, float[]>> parts, JsonNode expected) {
        int length = parts.stream()
                .mapToInt(part -> part.getOrDefault(what, new float[0]).length)
                .sum();
        float[] joined = new float[length];
        int at = 0;
        for (Map<String, float[]> part : parts) {
            float[] values = part.getOrDefault(what, new float[0]);
            System.arraycopy(values, 0, joined, at, values.length);
            at += values.length;
        }
        assertClose(what, joined, expected);
    }

    private static void assertSum(String name, List<Map<String, float[]>> parts, JsonNode expected) {
        float[] sum = new float[expected.get("values").size()];
        for (Map<String, float[]> part : parts) {
            float[] values = part.getOrDefault(name, new float[0]);
            for (int i = 0; i < values.length; i++) {
                sum[i] += values[i];
            }
        }
        assertClose("gradient of " + name, sum, expected);
    }

    private static void assertClose(String what, float[] received, JsonNode expected) {
        assertThat(received).as(what).hasSize(expected.get("values").size());
        for (int i = 0; i < received.length; i++) {
            double wanted = expected.get("values").get(i).asDouble();
            assertThat((double) received[i])
                    .as("%s, value %d", what, i)
                    .isCloseTo(wanted, within(TOLERANCE + TOLERANCE * Math.abs(wanted)));
        }
    }

    private static Tensor tensor(JsonNode node) {
        return Tensor.of(JsonFixture.floats(node.get("values")), shape(node));
    }

    private static Shape shape(JsonNode node) {
        return Shape.of(JsonFixture.longs(node.get("shape")));
    }
}
