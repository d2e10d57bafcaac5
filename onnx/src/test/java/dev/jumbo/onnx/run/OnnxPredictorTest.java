package dev.jumbo.onnx.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.basic.Permute;
import dev.jumbo.nn.layers.sequence.Lstm;
import dev.jumbo.onnx.export.OnnxExport;
import dev.jumbo.onnx.format.ElementType;
import dev.jumbo.onnx.format.OnnxAttribute;
import dev.jumbo.onnx.format.OnnxConstant;
import dev.jumbo.onnx.format.OnnxGraph;
import dev.jumbo.onnx.format.OnnxModel;
import dev.jumbo.onnx.format.OnnxNode;
import dev.jumbo.onnx.format.OnnxPort;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxPredictorTest {
    @TempDir
    private Path directory;

    private void write(Layer layer, Specs inputs) throws IOException {
        try (Model model = Model.build(layer, inputs, RandomState.of(5))) {
            OnnxExport.of(model).model().write(directory.resolve("model.onnx"));
        }
    }

    /** One node over inputs of these types. */
    private void write(String operator, List<OnnxPort> in, List<OnnxPort> out) throws IOException {
        OnnxNode node = new OnnxNode(
                "node",
                operator,
                in.stream().map(OnnxPort::name).toList(),
                out.stream().map(OnnxPort::name).toList(),
                List.of());
        new OnnxModel(17, "test", new OnnxGraph("g", in, out, List.of(), List.of(node)), Map.of())
                .write(directory.resolve("model.onnx"));
    }

    @Test
    void a_classifier_answers_by_the_names_of_labels_txt() throws IOException {
        write(Sequential.of(Layers.flatten(), Layers.dense(3), Layers.softmax()), Specs.of(Shape.of(1, 2, 2)));
        Files.writeString(directory.resolve("labels.txt"), "cat\ndog\nbird\n");
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            assertThat(predictor.inputs().get(0).shape()).isEqualTo(Shape.of(1, 2, 2));
            assertThat(predictor.classes()).containsExactly("cat", "dog", "bird");
            float[] made = predictor.predict(List.of(new float[8]), 2).get(0);
            assertThat(made).hasSize(6);
            assertThat(made[0] + made[1] + made[2]).isBetween(0.9999f, 1.0001f);
            assertThat(predictor.answer(List.of(new float[4]), 1).toString()).isNotEmpty();
        }
    }

    @Test
    void names_without_probabilities_are_refused_when_asked() throws IOException {
        write(Sequential.of(Layers.dense(2)), Specs.of(Shape.of(2)));
        Files.writeString(directory.resolve("labels.txt"), "a\nb\n");
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            assertThatThrownBy(() -> predictor.predict(List.of(new float[] {1e6f, -3e6f}), 1))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("export the model with its softmax");
        }
    }

    @Test
    void rows_of_different_lengths_answer_as_each_does_alone() throws IOException {
        Spec tokens = Spec.ids(9).varying(0);
        Map<String, Spec> inputs = new LinkedHashMap<>();
        inputs.put("tokens", tokens);
        inputs.put("mask", Spec.of(Shape.of(9), DType.BOOL).varying(0));
        Layer layer = Sequential.of(Embedding.of(7, 4), new Lstm(3, false, true, 1, 0), Layers.dense(2));
        Random random = new Random(2);
        try (Model model = Model.build(layer, Specs.of(inputs), RandomState.of(5));
                Scope scope = Scope.open()) {
            OnnxExport.of(model).model().write(directory.resolve("model.onnx"));
            try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
                assertThat(predictor.inputs()).hasSize(1);
                assertThat(predictor.takesSequences()).isTrue();
                long[][] rows = {
                    random.longs(3, 0, 7).toArray(), random.longs(9, 0, 7).toArray(), {4}, {1, 2, 3}
                };
                float[] made =
                        predictor.predict(List.of((Object) rows), rows.length).get(0);
                for (int i = 0; i < rows.length; i++) {
                    Tensor ids = Tensor.of(rows[i], Shape.of(1, rows[i].length));
                    Tensor real = Tensor.full(Shape.of(1, rows[i].length), 1, DType.BOOL);
                    float[] expected = model.forward(
                                    Tensors.of(Map.of("tokens", ids)).with("mask", real), Pass.inference())
                            .main()
                            .toFloats();
                    assertThat(Arrays.copyOfRange(made, 2 * i, 2 * i + 2))
                            .usingComparatorWithPrecision(1e-5f)
                            .containsExactly(expected);
                }
                assertThat(predictor
                                .answerSequences(List.of(new long[] {1, 2}, new long[] {3}))
                                .toString())
                        .isNotEmpty();
                assertThatThrownBy(() -> predictor.predict(List.of((Object) new long[][] {{}}), 1))
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("expected 1 to ");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"FLOAT", "DOUBLE", "INT64", "INT32", "UINT8", "BOOL"})
    void every_type_of_numbers_comes_back(ElementType type) throws IOException {
        write(
                "Identity",
                List.of(new OnnxPort("in", type, List.of("n", 2L))),
                List.of(new OnnxPort("out", type, List.of("n", 2L))));
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            Object values = predictor.inputs().get(0).dtype() == DType.INT64
                    ? new long[] {0, 1, 1, 0}
                    : new float[] {0, 1, 1, 0};
            assertThat(predictor.predict(List.of(values), 2).get(0)).containsExactly(0, 1, 1, 0);
            if (type == ElementType.UINT8) {
                assertThatThrownBy(() -> predictor.predict(List.of(new long[] {0, 256}), 1))
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("from 0 to 255");
                assertThat(predictor.predict(List.of(new long[] {0, 255}), 1).get(0))
                        .containsExactly(0, 255);
            }
        }
    }

    @Test
    void a_batch_of_one_alone_runs_row_after_row() throws IOException {
        write(
                "Add",
                List.of(
                        new OnnxPort("a", ElementType.FLOAT, List.of(1L, 2L)),
                        new OnnxPort("b", ElementType.FLOAT, List.of(1L, 2L))),
                List.of(new OnnxPort("sum", ElementType.FLOAT, List.of(1L, 2L))));
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            assertThat(predictor
                            .predict(List.of(new float[] {1, 2, 3, 4}, new float[] {10, 20, 30, 40}), 2)
                            .get(0))
                    .containsExactly(11, 22, 33, 44);
        }
    }

    @Test
    void a_row_has_the_same_bits_alone_and_among_others() throws IOException {
        write(
                Sequential.of(Layers.flatten(), Layers.dense(97, Activation.RELU), Layers.dense(33)),
                Specs.of(Shape.of(1, 13, 11)));
        Random random = new Random(4);
        int each = 13 * 11;
        float[] all = new float[23 * each];
        for (int i = 0; i < all.length; i++) {
            all[i] = (float) random.nextGaussian();
        }
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            float[] together = predictor.predict(List.of(all), 23).get(0);
            for (int row = 0; row < 23; row++) {
                float[] alone = predictor
                        .predict(List.of(Arrays.copyOfRange(all, row * each, (row + 1) * each)), 1)
                        .get(0);
                assertThat(Arrays.copyOfRange(together, row * 33, (row + 1) * 33))
                        .containsExactly(alone);
            }
            assertThat(predictor.predict(List.of(FloatBuffer.wrap(all)), 23).get(0))
                    .containsExactly(together);
        }
    }

    @Test
    void whole_numbers_are_not_rounded_on_their_way() throws IOException {
        write(
                "Identity",
                List.of(new OnnxPort("id", ElementType.INT64, List.of("n", 1L))),
                List.of(new OnnxPort("same", ElementType.INT64, List.of("n", 1L))));
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            assertThat(predictor.answerRaw(new double[] {7}, 1).toString()).contains("7");
            assertThatThrownBy(() -> predictor.answerRaw(new double[] {7.5}, 1))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected whole numbers, received 7.5");
        }
    }

    @Test
    void what_requests_cannot_say_is_refused_when_it_is_opened() throws IOException {
        write(
                "Relu",
                List.of(new OnnxPort("x", ElementType.FLOAT, List.of(5L, 3L))),
                List.of(new OnnxPort("y", ElementType.FLOAT, List.of(5L, 3L))));
        assertThatThrownBy(() -> OnnxPredictor.open(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("whose first size is the batch");
    }

    @Test
    void an_unknown_operator_is_named() throws IOException {
        write(
                "Frobnicate",
                List.of(new OnnxPort("x", ElementType.FLOAT, List.of("n", 3L))),
                List.of(new OnnxPort("y", ElementType.FLOAT, List.of("n", 3L))));
        assertThatThrownBy(() -> OnnxPredictor.open(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("Frobnicate");
    }

    @Test
    void labels_of_another_number_are_refused() throws IOException {
        write(Layers.dense(3), Specs.of(Shape.of(2)));
        Files.writeString(directory.resolve("labels.txt"), "a\nb\n");
        assertThatThrownBy(() -> OnnxPredictor.open(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("labels.txt: expected as many names");
    }

    @Test
    void a_row_of_another_size_is_refused_by_the_name_of_its_input() throws IOException {
        write(Sequential.of(Permute.of(2, 1), Layers.dense(2)), Specs.of(Spec.floats(3, 5)));
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            assertThatThrownBy(() -> predictor.predict(List.of(new float[16]), 1))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected 1 rows of the input x [3, 5], received 16 values");
        }
    }

    @Test
    void two_classes_of_one_name_are_refused_when_the_model_is_loaded() throws IOException {
        write(Sequential.of(Layers.dense(3), Layers.softmax()), Specs.of(Shape.of(2)));
        Files.writeString(directory.resolve("labels.txt"), "crane\nheron\ncrane\n");
        assertThatThrownBy(() -> OnnxPredictor.open(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("labels.txt: expected a different name for each class")
                .hasMessageContaining("\"crane\" for the classes 0 and 2");
        Files.delete(directory.resolve("labels.txt"));
        OnnxPort in = new OnnxPort("x", ElementType.FLOAT, List.of("n", 2L));
        OnnxPort out = new OnnxPort("y", ElementType.FLOAT, List.of("n", 2L));
        OnnxNode node = new OnnxNode("node", "Softmax", List.of("x"), List.of("y"), List.of());
        OnnxGraph graph = new OnnxGraph("g", List.of(in), List.of(out), List.of(), List.of(node));
        new OnnxModel(17, "test", graph, Map.of("jumbo.classes.y", "a\na")).write(directory.resolve("model.onnx"));
        assertThatThrownBy(() -> OnnxPredictor.open(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("jumbo.classes.y in the model's metadata: expected a different name");
    }

    @Test
    void a_byte_order_mark_is_no_part_of_the_first_name() throws IOException {
        write(Sequential.of(Layers.dense(2), Layers.softmax()), Specs.of(Shape.of(2)));
        Files.writeString(directory.resolve("labels.txt"), "\ufeffcat\r\ndog\r\n");
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            assertThat(predictor.classes()).containsExactly("cat", "dog");
        }
    }

    @ParameterizedTest
    @CsvSource({"UINT32,12,INT64", "UINT64,13,INT64", "UINT16,4,INT32", "INT16,5,INT32"})
    void inputs_whose_type_no_request_can_fill_are_refused_when_the_model_is_loaded(
            String type, int number, String instead) throws IOException {
        writeCast(number, 1);
        assertThatThrownBy(() -> OnnxPredictor.open(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected the input x to be FLOAT")
                .hasMessageContaining("received " + type + ",")
                .hasMessageContaining("an input of " + instead + " and a Cast to " + type);
    }

    @ParameterizedTest
    @CsvSource({"12,4294967040", "13,4294967040", "4,65535"})
    void unsigned_outputs_stay_positive(int number, long value) throws IOException {
        writeCast(7, number);
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            assertThat(predictor.predict(List.of(new long[] {value}), 1).get(0)).containsExactly((float) value);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {16_777_217, -16_777_217, 33_554_433, 9_007_199_254_740_993L, Long.MAX_VALUE})
    void a_whole_number_that_the_answer_would_round_is_an_error_and_none_of_its_neighbours(long value)
            throws IOException {
        writeCast(7, 7);
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            assertThatThrownBy(() -> predictor.predict(List.of(new long[] {3, value}), 2))
                    .isInstanceOf(FailureException.class)
                    .hasMessageContaining("received " + value + ", which would become ");
            for (long exact : new long[] {16_777_216, -16_777_216, 16_777_218, 1L << 40, Long.MIN_VALUE}) {
                assertThat(predictor.predict(List.of(new long[] {exact}), 1).get(0))
                        .containsExactly((float) exact);
            }
        }
    }

    @Test
    void a_row_is_answered_alone_where_large_values_of_others_would_change_it() throws IOException {
        OnnxPort in = new OnnxPort("x", ElementType.FLOAT, List.of("n", 3L));
        OnnxPort out = new OnnxPort("y", ElementType.FLOAT, List.of("n", 3L));
        List<OnnxNode> nodes = List.of(
                new OnnxNode(
                        "max",
                        "ReduceMax",
                        List.of("x"),
                        List.of("m"),
                        List.of(OnnxAttribute.of("axes", new long[] {0, 1}), OnnxAttribute.of("keepdims", 1L))),
                new OnnxNode("sub", "Sub", List.of("m", "hundred"), List.of("s"), List.of()),
                new OnnxNode("relu", "Relu", List.of("s"), List.of("r"), List.of()),
                new OnnxNode("add", "Add", List.of("x", "r"), List.of("y"), List.of()));
        OnnxConstant hundred = OnnxConstant.floats("hundred", new float[] {100}, 1);
        new OnnxModel(17, "test", new OnnxGraph("g", List.of(in), List.of(out), List.of(hundred), nodes), Map.of())
                .write(directory.resolve("model.onnx"));
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            float[] made = predictor
                    .predict(List.of(new float[] {1, 2, 3, 400, 5, 6, 7, 8, 9}), 3)
                    .get(0);
            assertThat(made).containsExactly(1, 2, 3, 700, 305, 306, 7, 8, 9);
        }
    }

    @Test
    void a_graph_inside_a_node_is_seen_before_the_model_is_loaded() throws IOException {
        Path file = directory.resolve("model.onnx");
        writeCast(7, 7);
        assertThat(FileScan.of(file).hasControlFlow()).isFalse();
        byte[] branch = part(5, join(part(1, "then_branch".getBytes(StandardCharsets.UTF_8)), part(6, new byte[0])));
        byte[] node = join(part(4, "If".getBytes(StandardCharsets.UTF_8)), branch);
        Files.write(file, join(new byte[] {1 << 3, 8}, part(7, part(1, node)), part(8, new byte[] {2 << 3, 17})));
        assertThat(FileScan.of(file).hasControlFlow()).isTrue();
    }

    /** A model that casts whole numbers, of the types with these numbers in {@code TensorProto.DataType}. */
    private void writeCast(int from, int to) throws IOException {
        byte[] in = port("x", from);
        byte[] out = port("y", to);
        byte[] node = join(
                part(1, "x".getBytes(StandardCharsets.UTF_8)),
                part(2, "y".getBytes(StandardCharsets.UTF_8)),
                part(4, "Cast".getBytes(StandardCharsets.UTF_8)),
                part(
                        5,
                        join(
                                part(1, "to".getBytes(StandardCharsets.UTF_8)),
                                new byte[] {3 << 3, (byte) to},
                                new byte[] {(byte) (20 << 3 | 128), 1, 2})));
        byte[] graph = join(part(1, node), part(2, "g".getBytes(StandardCharsets.UTF_8)), part(11, in), part(12, out));
        Files.write(directory.resolve("model.onnx"), join(new byte[] {1 << 3, 8}, part(7, graph), part(8, new byte[] {
            2 << 3, 17
        })));
    }

    private static byte[] port(String name, int type) throws IOException {
        byte[] shape = join(part(1, part(2, "n".getBytes(StandardCharsets.UTF_8))), part(1, new byte[] {1 << 3, 1}));
        return join(
                part(1, name.getBytes(StandardCharsets.UTF_8)),
                part(2, part(1, join(new byte[] {1 << 3, (byte) type}, part(2, shape)))));
    }

    /** A field of a message, shorter than 128 bytes. */
    private static byte[] part(int field, byte[] content) throws IOException {
        return join(new byte[] {(byte) (field << 3 | 2), (byte) content.length}, content);
    }

    private static byte[] join(byte[]... parts) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] one : parts) {
            all.write(one);
        }
        return all.toByteArray();
    }
}
