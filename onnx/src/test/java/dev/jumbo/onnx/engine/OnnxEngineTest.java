package dev.jumbo.onnx.engine;

import static dev.jumbo.nn.Activation.GELU;
import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.embedding;
import static dev.jumbo.nn.layers.Layers.encoderBlock;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.lstm;
import static dev.jumbo.nn.layers.Layers.maxPool2d;
import static dev.jumbo.nn.layers.Layers.sequential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.sequence.SelectStep;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.infer.EngineChoice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints answered by ONNX Runtime, held against the model itself. */
class OnnxEngineTest {
    @TempDir
    private Path dir;

    private Checkpoint article() {
        return trained(
                sequential(
                        conv2d(32, 3, RELU),
                        maxPool2d(2),
                        conv2d(64, 3, RELU),
                        maxPool2d(2),
                        flatten(),
                        dense(128, RELU),
                        dense(10)),
                Shape.of(1, 28, 28));
    }

    private Checkpoint trained(Layer layer, Shape shape) {
        List<String> names = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        return Trainer.of(layer)
                .epochs(1)
                .batchSize(6)
                .seed(1)
                .saveTo(dir.resolve("run"))
                .build()
                .fit(ArrayDataset.of(
                        Field.floats("x", shape),
                        random(12 * (int) shape.elements(), 3),
                        Field.classId("y", names),
                        new SplittableRandom(1).longs(12, 0, 10).toArray()));
    }

    private static float[] random(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static void requireAnswers(Checkpoint checkpoint, Shape shape) {
        int each = (int) shape.elements();
        float[] values = random(70 * each, 9);
        float[] expected;
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad();
                var model = checkpoint.load()) {
            Tensor made = model.forward(Tensor.of(values, shape.prepend(70)), Pass.inference());
            expected = checkpoint.description().lossOf(0).predictions(made).toFloats();
        }
        try (Predictor predictor = Predictor.of(checkpoint, EngineChoice.ONNXRUNTIME)) {
            assertThat(predictor.engine())
                    .hasValueSatisfying(
                            chosen -> assertThat(chosen.engine().name()).startsWith("onnxruntime"));
            List<float[]> alone = new ArrayList<>();
            for (int i = 0; i < 70; i++) {
                alone.add(predictor
                        .predict(List.of(Arrays.copyOfRange(values, i * each, (i + 1) * each)), 1)
                        .get(0));
            }
            for (int rows : new int[] {1, 2, 7, 8, 33, 64, 70}) {
                float[] together = predictor
                        .predict(List.of(Arrays.copyOf(values, rows * each)), rows)
                        .get(0);
                int width = together.length / rows;
                for (int i = 0; i < rows; i++) {
                    float[] own = Arrays.copyOfRange(together, i * width, (i + 1) * width);
                    assertThat(own).as("row %d of %d", i, rows).containsExactly(alone.get(i));
                    assertThat(own)
                            .containsExactly(Arrays.copyOfRange(expected, i * width, (i + 1) * width), within(1e-5f));
                }
            }
        }
    }

    @Test
    void the_articles_network_is_answered_as_by_the_model_and_each_row_as_alone() {
        requireAnswers(article(), Shape.of(1, 28, 28));
    }

    @Test
    void so_are_dense_layers() {
        requireAnswers(
                trained(sequential(dense(256, RELU), dense(128, GELU), dense(10)), Shape.of(784)), Shape.of(784));
    }

    @Test
    void so_is_a_small_table() {
        requireAnswers(trained(sequential(dense(16, RELU), dense(8, RELU), dense(10)), Shape.of(7)), Shape.of(7));
    }

    @Test
    void the_engine_that_is_chosen_keeps_a_rows_bits_whichever_it_is() {
        Checkpoint checkpoint = trained(sequential(dense(64, RELU), dense(10)), Shape.of(30));
        float[] values = random(40 * 30, 4);
        try (Predictor predictor = Predictor.of(checkpoint)) {
            float[] together = predictor.predict(List.of(values), 40).get(0);
            for (int i = 0; i < 40; i++) {
                assertThat(predictor
                                .predict(List.of(Arrays.copyOfRange(values, i * 30, i * 30 + 30)), 1)
                                .get(0))
                        .containsExactly(Arrays.copyOfRange(together, i * 10, i * 10 + 10));
            }
        }
    }

    @Test
    void buffers_are_read_where_they_are_and_stay_as_they_were() {
        float[] values = random(3 * 784, 2);
        FloatBuffer direct = ByteBuffer.allocateDirect(4 * 4 * 784)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        direct.put(784, values).position(784);
        FloatBuffer swapped = ByteBuffer.allocateDirect(4 * 3 * 784)
                .order(ByteOrder.BIG_ENDIAN)
                .asFloatBuffer()
                .put(0, values);
        try (Predictor predictor = Predictor.of(article(), EngineChoice.ONNXRUNTIME)) {
            float[] expected = predictor.predict(List.of(values), 3).get(0);
            for (FloatBuffer buffer : List.of(direct, swapped, FloatBuffer.wrap(values))) {
                int position = buffer.position();
                assertThat(predictor.predict(List.of(buffer), 3).get(0)).containsExactly(expected);
                assertThat(buffer.position()).isEqualTo(position);
            }
            // An answer is the caller's: the next one does not write into it.
            float[] kept = expected.clone();
            predictor.predict(List.of(random(3 * 784, 5)), 3);
            assertThat(expected).containsExactly(kept);
        }
    }

    @Test
    void several_threads_get_their_own_answers() throws Exception {
        try (Predictor predictor = Predictor.of(article(), EngineChoice.ONNXRUNTIME)) {
            ExecutorService threads = Executors.newFixedThreadPool(4);
            List<Future<Boolean>> done = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                float[] own = random(784 * (t + 1), t);
                int rows = t + 1;
                float[] expected = predictor.predict(List.of(own), rows).get(0);
                Callable<Boolean> asking = () -> {
                    for (int i = 0; i < 50; i++) {
                        if (!Arrays.equals(
                                expected, predictor.predict(List.of(own), rows).get(0))) {
                            return false;
                        }
                    }
                    return true;
                };
                done.add(threads.submit(asking));
            }
            for (Future<Boolean> one : done) {
                assertThat(one.get()).isTrue();
            }
            threads.shutdown();
        }
    }

    /** Each sees its own steps alone: no other row's length, no padding. */
    @Test
    void rows_of_different_lengths_have_the_bits_that_they_have_alone_on_both_engines() {
        SplittableRandom random = new SplittableRandom(4);
        long[][] texts = new long[24][];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = random.longs(1 + i % 9, 1, 50).toArray();
        }
        Checkpoint checkpoint = Trainer.of(
                        sequential(embedding(50, 16), encoderBlock(2, 32, 0), new SelectStep(0), dense(2)))
                .epochs(1)
                .batchSize(6)
                .seed(1)
                .saveTo(dir.resolve("texts"))
                .build()
                .fit(RaggedDataset.of(
                        Field.tokens("words", 50, 0, 16),
                        texts,
                        Field.classId("topic", List.of("a", "b")),
                        random.longs(texts.length, 0, 2).toArray()));
        for (EngineChoice choice : List.of(EngineChoice.ONNXRUNTIME, EngineChoice.LIBTORCH)) {
            try (Predictor predictor = Predictor.of(checkpoint, choice)) {
                float[] together =
                        predictor.predict(List.of((Object) texts), texts.length).get(0);
                for (int i = 0; i < texts.length; i++) {
                    float[] alone = predictor.predict(List.of(texts[i]), 1).get(0);
                    assertThat(Arrays.copyOfRange(together, 2 * i, 2 * i + 2))
                            .as("%s, row %d of %d steps", choice, i, texts[i].length)
                            .containsExactly(alone);
                }
            }
        }
    }

    @Test
    void ids_that_are_none_are_refused_by_both_engines() {
        SplittableRandom random = new SplittableRandom(4);
        Checkpoint checkpoint = Trainer.of(sequential(embedding(20, 4), flatten(), dense(2)))
                .epochs(1)
                .batchSize(6)
                .seed(1)
                .saveTo(dir.resolve("ids"))
                .build()
                .fit(ArrayDataset.of(
                        List.of(ArrayDataset.column(
                                Field.ids("words", Shape.of(3)),
                                random.longs(36, 0, 20).toArray())),
                        List.of(ArrayDataset.column(
                                Field.classId("y", List.of("a", "b")),
                                random.longs(12, 0, 2).toArray()))));
        for (EngineChoice choice : List.of(EngineChoice.ONNXRUNTIME, EngineChoice.LIBTORCH)) {
            try (Predictor predictor = Predictor.of(checkpoint, choice)) {
                for (long id : new long[] {-1, 20, Long.MAX_VALUE}) {
                    assertThatThrownBy(() -> predictor.predict(List.of(new long[] {1, id, 2}), 1))
                            .isInstanceOf(InputException.class)
                            .hasMessageContaining("ids from 0 to 19");
                }
                assertThat(predictor.predict(List.of(new long[] {0, 19, 2}), 1).get(0))
                        .hasSize(2);
            }
        }
    }

    /** ONNX would look 2.5 up as 2. */
    @Test
    void numbers_that_are_looked_up_are_left_to_libtorch() {
        float[] ids = new float[60];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i % 10;
        }
        Checkpoint checkpoint = Trainer.of(sequential(embedding(10, 4), flatten(), dense(2)))
                .epochs(1)
                .batchSize(6)
                .seed(1)
                .saveTo(dir.resolve("numbers"))
                .build()
                .fit(ArrayDataset.of(
                        Field.floats("x", Shape.of(5)),
                        ids,
                        Field.classId("y", List.of("a", "b")),
                        new SplittableRandom(1).longs(12, 0, 2).toArray()));
        try (Predictor predictor = Predictor.of(checkpoint)) {
            assertThatThrownBy(() -> predictor.predict(List.of(new float[] {1, 2.5f, 3, 4, 5}), 1))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("2.5");
        }
    }

    @Test
    void what_onnx_cannot_say_is_answered_by_libtorch() {
        Checkpoint checkpoint = trained(sequential(lstm(6), flatten(), dense(10)), Shape.of(5, 4));
        try (Predictor predictor = Predictor.of(checkpoint)) {
            assertThat(predictor.predict(List.of(random(20, 1)), 1).get(0)).hasSize(10);
        }
    }

    /** Memory that batches of many rows took is given back when they are answered, and a model's when it is closed. */
    @Test
    void memory_of_large_batches_and_closed_models_is_given_back() {
        Checkpoint checkpoint = article();
        float[] large = random(2048 * 784, 1);
        long before = 0;
        for (int round = 0; round < 6; round++) {
            try (Predictor predictor = Predictor.of(checkpoint, EngineChoice.ONNXRUNTIME)) {
                predictor.predict(List.of(large), 2048);
            }
            if (round == 1) {
                before = NativeMemory.residentBytes();
            }
        }
        assertThat(NativeMemory.residentBytes() - before).isLessThan(100L << 20);
    }
}
