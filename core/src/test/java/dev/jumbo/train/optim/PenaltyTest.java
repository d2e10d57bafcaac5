package dev.jumbo.train.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.nn.Model;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import org.junit.jupiter.api.Test;

class PenaltyTest {
    @Test
    void counts_weights_but_not_biases() {
        try (Model model = Model.build(Layers.dense(1), Shape.of(3), RandomState.of(1))) {
            model.store().prepareTraining(false);
            model.store().values().set_(new float[] {2, -1, 0, 7});
            model.store().gradients().fill_(1);
            Penalty penalty = new Penalty(0.1, 0.01);
            // 0.1 (2 + 1) + 0.01 (4 + 1)
            assertThat(penalty.value(model.store())).isCloseTo(0.35, within(1e-6));
            penalty.addToGradients(model.store());
            assertThat(model.store().gradients().toFloats())
                    .containsExactly(new float[] {1.14f, 0.88f, 1, 1}, within(1e-6f));
        }
    }
}
