package dev.jumbo.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Example;
import dev.jumbo.data.Field;
import dev.jumbo.data.stream.StreamDataset;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.losses.ClassWeights;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.optim.Schedules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamTrainingTest {
    @TempDir
    Path runs;

    /** Points left and right of a line, 500 in a pass. */
    private static StreamDataset points() {
        return StreamDataset.of(
                        List.of(Field.floats("x", Shape.of(2))),
                        List.of(Field.classId("side", List.of("left", "right"))),
                        () -> IntStream.range(0, 500)
                                .mapToObj(StreamTrainingTest::point)
                                .iterator())
                .shuffleBuffer(64);
    }

    private static Example point(int i) {
        SplittableRandom random = new SplittableRandom(i);
        float[] x = {(float) random.nextDouble(-1, 1), (float) random.nextDouble(-1, 1)};
        return Example.of(x, x[0] + x[1] > 0 ? 1L : 0L);
    }

    private TrainerBuilder trainer(String run) {
        return Trainer.of(Sequential.of(Layers.dense(8), Layers.relu(), Layers.dropout(0.1), Layers.dense(2)))
                .batchSize(16)
                .learningRate(0.02)
                .seed(3)
                .saveTo(runs.resolve(run));
    }

    private static byte[] weights(Path run) throws IOException {
        return Files.readAllBytes(Checkpoint.latest(run).directory().resolve("model.safetensors"));
    }

    @Test
    void a_stream_is_learned_by_epochs_of_a_number_of_steps() {
        Checkpoint best = trainer("learned").stepsPerEpoch(40).epochs(4).build().fit(points());
        assertThat(best.trainer().metrics().get("accuracy")).isGreaterThan(0.95);
        assertThat(best.trainer().epoch()).isEqualTo(4);
    }

    @Test
    void a_stop_in_the_middle_and_a_resume_give_the_bits_of_an_uninterrupted_run() throws IOException {
        trainer("whole").stepsPerEpoch(30).epochs(3).build().fit(points());
        Trainer stopped = trainer("stopped")
                .stepsPerEpoch(30)
                .epochs(3)
                .callback(new Callback() {
                    @Override
                    public void onStep(TrainingState state) {
                        if (state.step() == 47) {
                            state.stop("a test");
                        }
                    }
                })
                .build();
        stopped.fit(points());
        assertThat(Checkpoint.latest(runs.resolve("stopped")).trainer().step()).isEqualTo(47);
        trainer("stopped").stepsPerEpoch(30).epochs(3).resume(true).build().fit(points());
        assertThat(weights(runs.resolve("stopped"))).isEqualTo(weights(runs.resolve("whole")));
    }

    @Test
    void max_steps_alone_makes_one_epoch_and_schedules_end_with_it() {
        Checkpoint best = trainer("steps")
                .maxSteps(25)
                .schedule(Schedules.cosine())
                .build()
                .fit(points());
        assertThat(best.trainer().metrics().get("learning_rate")).isBetween(0.0, 1e-3);
        assertThat(best.trainer().step()).isEqualTo(25);
        assertThat(best.trainer().epoch()).isEqualTo(1);
    }

    @Test
    void max_steps_ends_in_the_middle_of_an_epoch() {
        trainer("both").stepsPerEpoch(10).maxSteps(25).build().fit(points());
        assertThat(Checkpoint.latest(runs.resolve("both")).trainer().step()).isEqualTo(25);
        assertThat(Checkpoint.latest(runs.resolve("both")).trainer().epoch()).isEqualTo(3);
    }

    @Test
    void a_resume_with_epochs_of_another_size_is_refused() {
        trainer("other").stepsPerEpoch(10).epochs(1).build().fit(points());
        assertThatThrownBy(() -> trainer("other")
                        .stepsPerEpoch(10)
                        .batchSize(8)
                        .epochs(2)
                        .resume(true)
                        .build()
                        .fit(points()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("examples of an epoch");
    }

    @Test
    void a_share_to_hold_out_and_no_steps_are_refused_with_what_to_write() {
        assertThatThrownBy(() -> trainer("a").build().fit(points()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("steps_per_epoch: expected the steps of an epoch, or max_steps");
        assertThatThrownBy(() -> trainer("b")
                        .stepsPerEpoch(3)
                        .validationSplit(0.1)
                        .build()
                        .fit(points()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("validation_split: expected none for a stream")
                .hasMessageContaining("fit(stream, validation)");
        assertThatThrownBy(() -> trainer("c").stepsPerEpoch(3).build().fit(Moons.of(100, 1), points()))
                .isInstanceOf(InputException.class);
    }

    @Test
    void balanced_weights_of_classes_are_refused() {
        assertThatThrownBy(() -> trainer("d")
                        .stepsPerEpoch(3)
                        .loss(Losses.crossEntropy(ClassWeights.balanced()))
                        .build()
                        .fit(points()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("class_weights: expected a dataset whose examples can be counted");
    }
}
