package dev.jumbo.train.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.nn.FlatStore;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WeightAverageTest {
    private static final JsonNode FIXTURE = JsonFixture.read("clipping");

    private final Model model = Model.build(Layers.dense(3), Shape.of(4), RandomState.of(1));
    private final FlatStore store = model.store();

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void averages_as_pytorch_and_puts_the_values_back() {
        try (WeightAverage average = new WeightAverage(store, 0.9)) {
            float[] last = {};
            for (JsonNode values : FIXTURE.get("values")) {
                last = JsonFixture.floats(values);
                store.values().set_(last);
                average.update();
            }
            try (var averaged = average.use()) {
                assertThat(store.values().toFloats())
                        .containsExactly(JsonFixture.floats(FIXTURE.get("average")), within(1e-6f));
            }
            assertThat(store.values().toFloats()).isEqualTo(last);
        }
    }

    @Test
    void averages_the_statistics_of_batch_normalisation_too_and_puts_them_back() {
        try (Model normalised = Model.build(Layers.batchNorm(), Shape.of(2), RandomState.of(1));
                WeightAverage average = new WeightAverage(normalised.store(), 0.75)) {
            normalised.store().buffers().set_(new float[] {0, 4, 1, 2});
            average.update();
            float[] last = {8, 0, 5, 2};
            normalised.store().buffers().set_(last);
            average.update();
            try (var averaged = average.use()) {
                assertThat(normalised.store().buffers().toFloats()).containsExactly(2, 3, 2, 2);
            }
            assertThat(normalised.store().buffers().toFloats()).containsExactly(last);
        }
    }

    @Test
    void continues_from_a_saved_state() {
        try (WeightAverage first = new WeightAverage(store, 0.9);
                WeightAverage second = new WeightAverage(store, 0.9)) {
            first.update();
            store.values().fill_(3);
            first.update();
            second.load(first.state());
            store.values().fill_(-1);
            first.update();
            second.update();
            assertThat(saved(second, "average")).isEqualTo(saved(first, "average"));
            assertThat(saved(second, "updates")).containsExactly(3);
        }
    }

    private static float[] saved(WeightAverage average, String name) {
        return Objects.requireNonNull(average.state().get(name)).toFloats();
    }
}
