package dev.jumbo.onnx.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import dev.jumbo.onnx.format.ElementType;
import dev.jumbo.onnx.format.OnnxGraph;
import dev.jumbo.onnx.format.OnnxModel;
import dev.jumbo.onnx.format.OnnxNode;
import dev.jumbo.onnx.format.OnnxPort;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.infer.FreeShapes;
import dev.jumbo.train.infer.SizedRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of other tools whose height and width, or other sizes, are the caller's to choose. */
class FreeSizesTest {
    @TempDir
    private Path directory;

    private void write(String operator, OnnxPort in, OnnxPort out) throws IOException {
        OnnxNode node = new OnnxNode("node", operator, List.of(in.name()), List.of(out.name()), List.of());
        new OnnxModel(17, "test", new OnnxGraph("g", List.of(in), List.of(out), List.of(), List.of(node)), Map.of())
                .write(directory.resolve("model.onnx"));
    }

    private static OnnxPort floats(String name, Object... sizes) {
        return new OnnxPort(name, ElementType.FLOAT, List.of(sizes));
    }

    private static SizedRow row(Shape shape, float first) {
        float[] values = new float[(int) shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = first + i;
        }
        return new SizedRow(values, shape);
    }

    @Test
    void height_and_width_are_the_callers_and_the_outputs_shape_follows() throws IOException {
        write("Relu", floats("image", "n", 3L, "h", "w"), floats("y", "n", 3L, "h", "w"));
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            FreeShapes free = predictor.freeShapes().orElseThrow();
            assertThat(free.of("image")).hasToString("[3, 64*, 64*]");
            assertThat(free.of("y")).isNotNull();
            assertThat(predictor.keepsRowsApart())
                    .as("requests never share a batch")
                    .isFalse();
            for (Shape shape : List.of(Shape.of(3, 2, 5), Shape.of(3, 5, 2), Shape.of(3, 1, 1))) {
                SizedRow[] rows = {row(shape, -4), row(shape, 7)};
                assertThat(free.outputs(List.of((Object) rows))).isNull();
                float[] made = predictor.predict(List.of((Object) rows), 2).get(0);
                assertThat(free.outputs(List.of((Object) rows))).containsExactly(shape);
                int each = (int) shape.elements();
                assertThat(made).hasSize(2 * each);
                for (int i = 0; i < each; i++) {
                    assertThat(made[i]).isEqualTo(Math.max(0, -4 + i));
                    assertThat(made[each + i]).isEqualTo(7 + i);
                }
            }
            assertThat(predictor.predict(List.of(new float[3 * 64 * 64]), 1).get(0))
                    .as("rows that are made up")
                    .hasSize(3 * 64 * 64);
        }
    }

    @Test
    void an_output_of_one_size_is_as_ever() throws IOException {
        write("GlobalAveragePool", floats("image", "n", 2L, "h", "w"), floats("mean", "n", 2L, 1L, 1L));
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            SizedRow[] rows = {row(Shape.of(2, 3, 4), 0), row(Shape.of(2, 3, 4), 100)};
            assertThat(predictor.predict(List.of((Object) rows), 2).get(0))
                    .containsExactly(5.5f, 17.5f, 105.5f, 117.5f);
            assertThat(predictor.outputs().get(0).shape()).isEqualTo(Shape.of(2, 1, 1));
            assertThat(predictor.freeShapes().orElseThrow().of("mean")).isNull();
        }
    }

    @Test
    void a_batch_of_one_and_whole_numbers_have_free_sizes_too() throws IOException {
        write(
                "Identity",
                new OnnxPort("ids", ElementType.INT64, List.of(1L, "a", "b")),
                new OnnxPort("same", ElementType.INT64, List.of(1L, "a", "b")));
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            assertThat(predictor.inputs().get(0).dtype()).isEqualTo(DType.INT64);
            SizedRow[] rows = {
                new SizedRow(new long[] {1, 2, 3, 4, 5, 6}, Shape.of(2, 3)),
                new SizedRow(new long[] {7, 8, 9, 10, 11, 12}, Shape.of(2, 3))
            };
            assertThat(predictor.predict(List.of((Object) rows), 2).get(0))
                    .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        }
    }

    @Test
    void what_does_not_fit_is_refused_before_the_runtime_sees_it() throws IOException {
        write("Relu", floats("image", "n", 3L, "h", "w"), floats("y", "n", 3L, "h", "w"));
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            for (SizedRow wrong : List.of(
                    row(Shape.of(4, 2, 2), 0),
                    row(Shape.of(3, 4), 0),
                    new SizedRow(new float[0], Shape.of(3, 0, 5)),
                    new SizedRow(new float[11], Shape.of(3, 2, 2)))) {
                assertThatThrownBy(() -> predictor.predict(List.of((Object) new SizedRow[] {wrong}), 1))
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("rows of the input image [3, 64*, 64*]");
            }
            assertThatThrownBy(() -> predictor.predict(List.of((Object) new SizedRow[] {row(Shape.of(3, 2, 2), 0)}), 2))
                    .isInstanceOf(InputException.class);
        }
    }

    @Test
    void rows_of_different_sizes_are_refused_together_and_answered_alone() throws IOException {
        write("Relu", floats("image", "n", 1L, "h", "w"), floats("y", "n", 1L, "h", "w"));
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            SizedRow small = row(Shape.of(1, 2, 2), 0);
            SizedRow large = row(Shape.of(1, 2, 3), 0);
            assertThatThrownBy(() -> predictor.predict(List.of((Object) new SizedRow[] {small, large}), 2))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("send a request for each row");
            assertThat(predictor
                            .predict(List.of((Object) new SizedRow[] {large}), 1)
                            .get(0))
                    .containsExactly(0, 1, 2, 3, 4, 5);
        }
    }

    @Test
    void an_output_without_a_row_for_each_row_is_refused_with_its_shape() throws IOException {
        write("ReduceSum", floats("x", "n", "a", "b"), floats("sum", 1L, 1L, 1L));
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            assertThat(predictor
                            .predict(List.of((Object) new SizedRow[] {row(Shape.of(2, 2), 0)}), 1)
                            .get(0))
                    .containsExactly(6);
        }
        write("Shape", floats("x", "n", "a", "b"), new OnnxPort("sizes", ElementType.INT64, List.of(3L)));
        assertThatThrownBy(() -> OnnxPredictor.open(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected outputs whose first size is the batch, received sizes INT64 [3]");
    }
}
