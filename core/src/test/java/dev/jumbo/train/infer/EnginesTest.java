package dev.jumbo.train.infer;

import static dev.jumbo.nn.Activation.LINEAR;
import static dev.jumbo.nn.Activation.RELU;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.basic.Flatten;
import dev.jumbo.nn.layers.conv.Conv2d;
import dev.jumbo.nn.layers.conv.MaxPool2d;
import dev.jumbo.nn.layers.conv.Size2d;
import dev.jumbo.nn.layers.sequence.SelectStep;
import dev.jumbo.nn.layers.sequence.TransformerBlock;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.TrainConfig;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines over checkpoints of small networks that were trained for a step. */
class EnginesTest {
    private static final Shape PICTURE = Shape.of(1, 28, 28);

    @TempDir
    private Path dir;

    private Checkpoint pictures(Layer... layers) {
        return trained(Sequential.of(layers), numbers(PICTURE, 12, 10));
    }

    private Checkpoint article() {
        return pictures(
                Conv2d.of(32, Size2d.of(3), RELU),
                MaxPool2d.of(2),
                Conv2d.of(64, Size2d.of(3), RELU),
                MaxPool2d.of(2),
                new Flatten(),
                Dense.of(128, RELU),
                Dense.of(10, LINEAR));
    }

    private Checkpoint trained(Layer layer, Dataset data) {
        return Trainer.of(layer)
                .epochs(1)
                .batchSize(6)
                .seed(1)
                .saveTo(dir.resolve("run"))
                .checkpoints(new TrainConfig.Checkpoints(null, 2, 60, 8))
                .build()
                .fit(data);
    }

    private static Dataset numbers(Shape shape, int rows, int classes) {
        SplittableRandom random = new SplittableRandom(3);
        float[] values = new float[rows * (int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < classes; i++) {
            names.add("c" + i);
        }
        return ArrayDataset.of(
                Field.floats("x", shape),
                values,
                Field.classId("y", names),
                random.longs(rows, 0, classes).toArray());
    }

    private static float[] random(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static void requireSteady(Checkpoint checkpoint, int each) {
        try (Predictor predictor = Predictor.of(checkpoint)) {
            int most = 70;
            float[] all = random(most * each, 9);
            List<float[]> alone = new ArrayList<>();
            for (int i = 0; i < most; i++) {
                alone.add(predictor
                        .predict(List.of(Arrays.copyOfRange(all, i * each, (i + 1) * each)), 1)
                        .get(0));
            }
            for (int rows : new int[] {2, 3, 5, 8, 9, 17, 31, 64, 70}) {
                float[] together = predictor
                        .predict(List.of(Arrays.copyOf(all, rows * each)), rows)
                        .get(0);
                int width = together.length / rows;
                for (int i = 0; i < rows; i++) {
                    assertThat(Arrays.copyOfRange(together, i * width, (i + 1) * width))
                            .as("row %d of %d", i, rows)
                            .containsExactly(alone.get(i));
                }
            }
        }
    }

    @Test
    void a_row_of_the_articles_network_has_the_bits_that_it_has_alone_whatever_shares_its_batch() {
        requireSteady(article(), 784);
    }

    @Test
    void so_has_a_row_of_dense_layers() {
        requireSteady(
                trained(
                        Sequential.of(Dense.of(256, RELU), Dense.of(128, RELU), Dense.of(10, LINEAR)),
                        numbers(Shape.of(784), 12, 10)),
                784);
    }

    @Test
    void so_has_a_row_of_a_small_table() {
        requireSteady(
                trained(
                        Sequential.of(Dense.of(16, RELU), Dense.of(8, RELU), Dense.of(3, LINEAR)),
                        numbers(Shape.of(7), 12, 3)),
                7);
    }

    @Test
    void rows_of_different_lengths_have_the_bits_that_they_have_alone() {
        int words = 50;
        SplittableRandom random = new SplittableRandom(4);
        long[][] texts = new long[24][];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = random.longs(1 + i % 9, 1, words).toArray();
        }
        RaggedDataset data = RaggedDataset.of(
                Field.tokens("words", words, 0, 16),
                texts,
                Field.classId("topic", List.of("a", "b")),
                random.longs(texts.length, 0, 2).toArray());
        Checkpoint checkpoint = trained(
                Sequential.of(
                        Embedding.of(words, 16),
                        new TransformerBlock(2, 32, false, 0, RELU, true),
                        new SelectStep(0),
                        Dense.of(2, LINEAR)),
                data);
        try (Predictor predictor = Predictor.of(checkpoint)) {
            float[] together =
                    predictor.predict(List.of((Object) texts), texts.length).get(0);
            for (int i = 0; i < texts.length; i++) {
                assertThat(Arrays.copyOfRange(together, 2 * i, 2 * i + 2))
                        .as("row %d of %d steps", i, texts[i].length)
                        .containsExactly(predictor.predict(List.of(texts[i]), 1).get(0));
            }
        }
    }

    @Test
    void buffers_are_answered_as_arrays_are() {
        float[] values = random(3 * 784, 2);
        FloatBuffer direct = ByteBuffer.allocateDirect(4 * 784 * 4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        direct.put(784, values).position(784);
        try (Predictor predictor = Predictor.of(article())) {
            float[] expected = predictor.predict(List.of(values), 3).get(0);
            assertThat(predictor.predict(List.of(direct), 3).get(0)).containsExactly(expected);
            assertThat(predictor.predict(List.of(FloatBuffer.wrap(values)), 3).get(0))
                    .containsExactly(expected);
            assertThat(direct.position()).isEqualTo(784);
        }
    }

    @Test
    void what_does_not_fit_the_input_is_refused() {
        try (Predictor predictor = Predictor.of(article())) {
            assertThatThrownBy(() -> predictor.predict(List.of(new float[783]), 1))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected 784 values")
                    .hasMessageContaining("received 783");
            assertThatThrownBy(() -> predictor.predict(List.of(new long[784]), 1))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("float[]");
        }
    }

    @Test
    void a_closed_predictor_leaves_no_tensor() {
        Checkpoint checkpoint = article();
        int before = NativeMemory.liveTensors();
        for (int i = 0; i < 3; i++) {
            try (Predictor predictor = Predictor.of(checkpoint)) {
                predictor.predict(List.of(random(784, i)), 1);
                assertThat(predictor.engine())
                        .hasValueSatisfying(chosen -> assertThat(chosen.why())
                                .contains(chosen.engine().name()));
            }
        }
        assertThat(NativeMemory.liveTensors()).isEqualTo(before);
    }

    /** Answers what the model does, and a little more. */
    private record OffBy(float much, Checkpoint checkpoint) implements EngineProvider {
        @Override
        public String name() {
            return "onnxruntime";
        }

        @Override
        public Preparation prepare(Checkpoint from) {
            LibtorchEngine plain = LibtorchEngine.plain(from);
            return Preparation.ready(new Engine() {
                @Override
                public String name() {
                    return "off";
                }

                @Override
                public List<float[]> run(List<?> inputs, int rows) {
                    List<float[]> outputs = plain.run(inputs, rows);
                    outputs.get(0)[1] += much;
                    return outputs;
                }

                @Override
                public void close() {
                    plain.close();
                }
            });
        }
    }

    @Test
    void an_engine_that_disagrees_with_the_model_never_answers() {
        Checkpoint checkpoint = pictures(new Flatten(), Dense.of(10, LINEAR));
        int before = NativeMemory.liveTensors();
        ChosenEngine chosen = Engines.choose(checkpoint, EngineChoice.AUTO, List.of(new OffBy(1e-3f, checkpoint)));
        assertThat(chosen.engine().name()).startsWith("libtorch");
        assertThat(chosen.why())
                .contains("the engine off disagrees")
                .contains("row 0")
                .contains("expected 0.");
        chosen.engine().close();
        assertThatThrownBy(() ->
                        Engines.choose(checkpoint, EngineChoice.ONNXRUNTIME, List.of(new OffBy(1e-3f, checkpoint))))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("disagrees");
        ChosenEngine near = Engines.choose(checkpoint, EngineChoice.ONNXRUNTIME, List.of(new OffBy(1e-6f, checkpoint)));
        assertThat(near.engine().name()).isEqualTo("off");
        near.engine().close();
        assertThat(NativeMemory.liveTensors()).isEqualTo(before);
    }

    @Test
    void an_engine_that_is_asked_for_and_not_there_is_an_error_with_what_to_write() {
        Checkpoint checkpoint = pictures(new Flatten(), Dense.of(10, LINEAR));
        assertThatThrownBy(() -> Engines.choose(checkpoint, EngineChoice.ONNXRUNTIME, List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("write auto or libtorch");
    }

    /** Kernels that add in another order for two rows than for one. */
    @Test
    void a_size_at_which_rows_get_other_bits_is_not_used() {
        SeededInputs made = new SeededInputs(List.of(Field.floats("x", Shape.of(3))), 2);
        List<Integer> asked = new ArrayList<>();
        Engine moody = new Engine() {
            @Override
            public String name() {
                return "moody";
            }

            @Override
            public List<float[]> run(List<?> inputs, int rows) {
                asked.add(rows);
                float[] x = (float[]) inputs.get(0);
                float[] sums = new float[rows];
                for (int i = 0; i < rows; i++) {
                    sums[i] = rows % 2 == 1 || rows == 8
                            ? x[3 * i] + x[3 * i + 1] + x[3 * i + 2]
                            : x[3 * i] + (x[3 * i + 1] + x[3 * i + 2]);
                }
                return List.of(sums);
            }

            @Override
            public void close() {}
        };
        SteadyEngine steady = new SteadyEngine(moody, made.fields(), new SafeSizes(made));
        assertThat(steady.safeSizes()).containsExactly(1, 3, 5, 7, 8);
        asked.clear();
        assertThat(steady.run(made.rows(20, new int[0], 1), 20).get(0)).hasSize(20);
        assertThat(asked).containsExactly(8, 8, 3, 1);
    }

    @Test
    void a_checkpoint_keeps_a_few_examples_by_which_engines_are_judged() {
        Checkpoint checkpoint = trained(Sequential.of(Dense.of(3, LINEAR)), numbers(Shape.of(7), 12, 3));
        assertThat(checkpoint.golden().rows()).hasSize(8);
        assertThat((float[]) checkpoint.golden().rows().get(1).get(0))
                .containsExactly(Arrays.copyOfRange(random(2 * 7, 3), 7, 14));
    }

    /** Normal numbers are none of its ids: what is asked at loading comes from the checkpoint. */
    @Test
    void a_network_that_looks_numbers_up_is_asked_with_recorded_rows() {
        SplittableRandom random = new SplittableRandom(2);
        float[] ids = new float[40 * 5];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = random.nextInt(10);
        }
        Checkpoint checkpoint = trained(
                Sequential.of(Embedding.of(10, 4), new Flatten(), Dense.of(3, LINEAR)),
                ArrayDataset.of(
                        Field.floats("x", Shape.of(5)),
                        ids,
                        Field.classId("y", List.of("a", "b", "c")),
                        random.longs(40, 0, 3).toArray()));
        try (Predictor predictor = Predictor.of(checkpoint)) {
            float[] together = predictor.predict(List.of(ids), 40).get(0);
            for (int i = 0; i < 40; i++) {
                assertThat(predictor
                                .predict(List.of(Arrays.copyOfRange(ids, 5 * i, 5 * i + 5)), 1)
                                .get(0))
                        .containsExactly(Arrays.copyOfRange(together, 3 * i, 3 * i + 3));
            }
        }
    }
}
