package dev.jumbo.train.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientClippingTest {
    private static final JsonNode FIXTURE = JsonFixture.read("clipping");

    @ParameterizedTest
    @ValueSource(doubles = {1, 100})
    void limits_the_norm_as_pytorch_and_returns_it(double limit) {
        JsonNode expected = FIXTURE.get("by_norm").get(Double.toString(limit));
        try (Scope scope = Scope.open()) {
            Tensor gradient = gradient();
            double norm = GradientClipping.byNorm(limit).apply(gradient);
            assertThat(norm).isCloseTo(expected.get("norm").asDouble(), within(1e-5));
            assertThat(gradient.toFloats())
                    .containsExactly(JsonFixture.floats(expected.get("gradient")), within(1e-6f));
        }
    }

    @Test
    void limits_each_value_as_pytorch() {
        try (Scope scope = Scope.open()) {
            Tensor gradient = gradient();
            assertThat(GradientClipping.byValue(0.5).apply(gradient)).isNaN();
            assertThat(gradient.toFloats()).isEqualTo(JsonFixture.floats(FIXTURE.get("by_value")));
        }
    }

    @Test
    void none_changes_nothing() {
        try (Scope scope = Scope.open()) {
            Tensor gradient = gradient();
            assertThat(GradientClipping.none().apply(gradient)).isNaN();
            assertThat(gradient.toFloats()).isEqualTo(JsonFixture.floats(FIXTURE.get("gradient")));
        }
    }

    @Test
    void refuses_a_limit_of_zero() {
        assertThatThrownBy(() -> GradientClipping.byNorm(0))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("max_grad_norm");
    }

    private static Tensor gradient() {
        float[] values = JsonFixture.floats(FIXTURE.get("gradient"));
        return Tensor.of(values, Shape.of(values.length));
    }
}
