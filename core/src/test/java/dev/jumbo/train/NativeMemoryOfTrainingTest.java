package dev.jumbo.train;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.maxPool2d;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Native memory stays flat over thousands of steps, on the error path too. */
class NativeMemoryOfTrainingTest {
    private static final int BATCH = 8;
    private static final long TOLERATED_GROWTH = 24L << 20;

    private final Model model = Model.build(
            Sequential.of(conv2d(8, 3, RELU), maxPool2d(2), flatten(), dense(16, RELU), dense(10)),
            Shape.of(1, 12, 12),
            RandomState.of(1));

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void stays_flat_over_5000_steps() {
        model.store().prepareTraining(false);
        run(500, false);
        long bytes = NativeMemory.liveBytes();
        long resident = NativeMemory.residentBytes();
        List<Long> seen = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            run(500, false);
            seen.add(NativeMemory.liveBytes());
        }
        assertThat(seen).containsOnly(bytes);
        assertThat(NativeMemory.residentBytes() - resident).isLessThan(TOLERATED_GROWTH);
    }

    @Test
    void stays_flat_after_1000_steps_that_fail() {
        model.store().prepareTraining(false);
        run(100, true);
        long bytes = NativeMemory.liveBytes();
        int tensors = NativeMemory.liveTensors();
        long resident = NativeMemory.residentBytes();
        run(1000, true);
        assertThat(NativeMemory.liveBytes()).isEqualTo(bytes);
        assertThat(NativeMemory.liveTensors()).isEqualTo(tensors);
        assertThat(NativeMemory.residentBytes() - resident).isLessThan(TOLERATED_GROWTH);
    }

    private void run(int steps, boolean failing) {
        float[] pixels = new float[BATCH * 144];
        long[] labels = new long[BATCH];
        // Ten classes: 99 makes libtorch fail in the middle of the step, after the forward pass.
        labels[0] = failing ? 99 : 3;
        Loss loss = Losses.crossEntropy();
        for (int i = 0; i < steps; i++) {
            if (failing) {
                assertThatThrownBy(() -> step(pixels, labels, loss)).isInstanceOf(RuntimeException.class);
            } else {
                step(pixels, labels, loss);
            }
        }
    }

    private void step(float[] pixels, long[] labels, Loss loss) {
        try (Scope scope = Scope.open()) {
            model.store().zeroGradients();
            Tensor x = Tensor.of(pixels, Shape.of(BATCH, 1, 12, 12));
            loss.of(model.forward(x, Pass.forTraining()), Tensor.of(labels, Shape.of(BATCH)))
                    .backward();
        }
    }
}
