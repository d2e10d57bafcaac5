package dev.jumbo.train.callbacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StoppingTest {
    private final FakeState state = new FakeState();

    @Test
    void stops_after_patience_epochs_without_improvement() {
        EarlyStopping stopping = EarlyStopping.of("val_loss", 2);
        double[] losses = {1.0, 0.8, 0.9, 0.8};
        for (int epoch = 0; epoch < losses.length; epoch++) {
            assertThat(state.stopped).isNull();
            stopping.onEpoch(state.at(epoch * 10L, 0), Map.of("val_loss", losses[epoch]));
        }
        assertThat(state.stopped).contains("val_loss has not improved for 2 epochs; best was 0.8 in epoch 2");
        assertThat(stopping.bestEpoch()).isEqualTo(1);
    }

    @Test
    void a_figure_that_rises_is_better_where_the_metric_says_so() {
        EarlyStopping stopping = EarlyStopping.of("val_accuracy", 1);
        stopping.onEpoch(state, Map.of("val_accuracy", 0.5));
        stopping.onEpoch(state, Map.of("val_accuracy", 0.6));
        assertThat(state.stopped).isNull();
        stopping.onEpoch(state, Map.of("val_accuracy", Double.NaN));
        assertThat(state.stopped).isNotNull();
        assertThat(stopping.best()).isEqualTo(0.6);
    }

    @Test
    void a_resumed_run_stops_in_the_same_epoch() {
        EarlyStopping before = EarlyStopping.of("val_loss", 2);
        before.onEpoch(state, Map.of("val_loss", 0.5));
        before.onEpoch(state, Map.of("val_loss", 0.7));
        EarlyStopping after = EarlyStopping.of("val_loss", 2);
        after.load(before.state());
        after.onEpoch(state, Map.of("val_loss", 0.6));
        assertThat(state.stopped).contains("best was 0.5");
    }

    @Test
    void a_figure_that_is_not_measured_is_named_with_what_to_do() {
        assertThatThrownBy(() -> EarlyStopping.of("val_loss", 2).onEpoch(state, Map.of("loss", 1.0)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("\"val_loss\", which is not measured")
                .hasMessageContaining("validation_split");
    }

    @Test
    void a_loss_that_is_not_finite_ends_training_and_says_where() {
        NonFiniteGuard guard = NonFiniteGuard.create();
        guard.onStep(state.at(24, 0.25));
        assertThatThrownBy(() -> guard.onStep(state.at(25, Double.NaN)))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("received NaN at step 25 in epoch 3")
                .hasMessageContaining("last good loss 0.25, learning rate 0.001");
        assertThatThrownBy(() -> guard.onStep(state.at(26, Double.POSITIVE_INFINITY)))
                .isInstanceOf(FailureException.class);
    }

    @Test
    void clean_noisy_curves_raise_no_alarm() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            NonFiniteGuard guard = NonFiniteGuard.withSpikes(3);
            for (int step = 0; step < 5_000; step++) {
                // Falls to 1e-4 with log-normal noise that grows as it does, as losses of single batches do.
                double fall = 2.3 * Math.exp(-step / 500.0) + 1e-4;
                double noisy = fall * Math.exp(random.nextGaussian() * Math.min(1.5, 0.1 + step / 1000.0));
                state.at(step, noisy);
                assertThatCode(() -> guard.onStep(state)).doesNotThrowAnyException();
            }
        }
    }

    @Test
    void a_loss_that_jumps_and_stays_ends_training_but_a_single_spike_does_not() {
        Random random = new Random(1);
        NonFiniteGuard guard = NonFiniteGuard.withSpikes(3);
        for (int step = 0; step < 300; step++) {
            guard.onStep(state.at(step, step == 200 ? 50 : 0.5 + 0.1 * random.nextDouble()));
        }
        for (int step = 300; step < 304; step++) {
            guard.onStep(state.at(step, 5));
        }
        NonFiniteGuard resumed = NonFiniteGuard.withSpikes(3);
        resumed.load(guard.state());
        assertThatThrownBy(() -> resumed.onStep(state.at(304, 5)))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("the loss has jumped: 5.00000")
                .hasMessageContaining("5 steps in a row at step 304");
    }

    @Test
    void progress_says_how_fast_and_how_long_still() {
        ProgressLog progress = ProgressLog.create();
        progress.onStart(state.at(0, 1));
        assertThat(progress.stepLine(state.at(20, 0.5)))
                .isEqualTo("step 20/100  loss 0.5000  128 examples/s, 0m 40s left");
        assertThat(progress.epochLine(state, Map.of("learning_rate", 0.0001)))
                .isEqualTo("epoch 3/10  learning_rate 1.00e-04  128 examples/s, 0m 40s left");
    }
}
