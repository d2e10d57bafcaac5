package dev.jumbo.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.config.YamlFile;
import dev.jumbo.data.Batch;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Loader;
import dev.jumbo.data.Normalizer;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.checkpoint.Kinds;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArraysSourceTest {
    @TempDir
    Path dir;

    @BeforeEach
    void write() {
        write("train", new long[] {0, 1, 2});
        write("test", new long[] {1, 1, 3});
    }

    private void write(String name, long[] ids) {
        try (Scope scope = Scope.open()) {
            Safetensors.write(
                    dir.resolve(name + ".safetensors"),
                    Map.of(
                            "picture", Tensor.zeros(Shape.of(3, 1, 4, 4)),
                            "word", Tensor.of(new long[] {5, 6, 7, 8, 9, 1}, Shape.of(3, 2)),
                            "digit", Tensor.of(ids, Shape.of(3)),
                            "size", Tensor.of(new float[] {1, 2, 3}, Shape.of(3)),
                            "short", Tensor.zeros(Shape.of(2, 1))),
                    Map.of());
        }
    }

    private DataParts load(String yaml) {
        return Kinds.records()
                .read(ArraysSource.class, YamlFile.parse("a.yaml", yaml))
                .load(dir, dir);
    }

    @Test
    void arrays_are_inputs_and_targets_by_name() {
        DataParts parts = load("{train: train.safetensors, inputs: [picture, word], targets: [digit, size]}");
        assertThat(parts.train().size()).isEqualTo(3);
        assertThat(Field.specs(parts.train().inputs()).byName()).hasToString("{picture=[1, 4, 4], word=[2] INT64}");
        assertThat(parts.train().targets().get(0).classes()).containsExactly("0", "1", "2");
        assertThat(parts.train().targets().get(1).shape()).isEqualTo(Shape.of());
        assertThat(parts.test()).isNull();
    }

    @Test
    void classes_of_the_training_file_are_those_of_the_others() {
        assertThatThrownBy(() -> load(
                        "{train: train.safetensors, test: test.safetensors, inputs: [picture]," + " targets: [digit]}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected class ids from 0 to 2, received 3 in example 2");
        DataParts named = load("{train: train.safetensors, test: test.safetensors, inputs: [picture], targets: [digit],"
                + " classes: {digit: [a, b, c, d]}}");
        assertThat(named.train().targets().get(0).classes()).isEqualTo(List.of("a", "b", "c", "d"));
    }

    @Test
    void bytes_of_pixels_are_scaled_whichever_input_they_are() {
        try (Scope scope = Scope.open()) {
            Tensor pixels =
                    Tensor.of(new float[] {0, 255, 51, 102}, Shape.of(2, 2)).to(DType.UINT8);
            Safetensors.write(
                    dir.resolve("pixels.safetensors"),
                    Map.of("x", pixels, "z", Tensor.of(new float[] {0, 1}, Shape.of(2))),
                    Map.of());
        }
        Dataset train =
                load("{train: pixels.safetensors, inputs: [x], targets: [z]}").train();
        try (Loader.Epoch batches = Loader.of(train)
                .batchSize(2)
                .preprocessing(train.preprocessing())
                .build()
                .epoch(0)) {
            assertThat(batches.next().inputs().get(0).floats())
                    .usingComparatorWithPrecision(1e-6f)
                    .containsExactly(0, 1, 0.2f, 0.4f);
        }
        Dataset second = load("{train: pixels.safetensors, inputs: [z, x], targets: [z]}")
                .train();
        for (Preprocessing by : List.of(second.preprocessing(), Normalizer.RESCALE.fit(second))) {
            try (Loader.Epoch batches =
                    Loader.of(second).batchSize(2).preprocessing(by).build().epoch(0)) {
                Batch batch = batches.next();
                assertThat(batch.inputs().get(0).floats()).containsExactly(0, 1);
                assertThat(batch.inputs().get(1).floats())
                        .usingComparatorWithPrecision(1e-6f)
                        .containsExactly(0, 1, 0.2f, 0.4f);
            }
        }
    }

    @Test
    void numbers_where_training_has_classes_are_refused_and_the_other_way_round() {
        for (String name : new String[] {"ids", "numbers"}) {
            boolean ids = name.equals("ids");
            try (Scope scope = Scope.open()) {
                Safetensors.write(
                        dir.resolve(name + ".safetensors"),
                        Map.of(
                                "x",
                                Tensor.zeros(Shape.of(2, 3)),
                                "y",
                                ids
                                        ? Tensor.of(new long[] {0, 1}, Shape.of(2))
                                        : Tensor.of(new float[] {0, 1}, Shape.of(2))),
                        Map.of());
            }
        }
        assertThatThrownBy(() ->
                        load("{train: ids.safetensors, validation: numbers.safetensors, inputs: [x], targets: [y]}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("numbers.safetensors y: expected int64");
        assertThatThrownBy(() -> load("{train: numbers.safetensors, test: ids.safetensors, inputs: [x], targets: [y]}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("ids.safetensors y: expected float32");
    }

    @Test
    void a_number_that_is_none_is_named_with_its_example() {
        try (Scope scope = Scope.open()) {
            Safetensors.write(
                    dir.resolve("nan.safetensors"),
                    Map.of(
                            "x", Tensor.of(new float[] {0, 1, 2, Float.NaN}, Shape.of(2, 2)),
                            "y", Tensor.of(new long[] {0, -1}, Shape.of(2)),
                            "z", Tensor.of(new float[] {0, 1}, Shape.of(2))),
                    Map.of());
        }
        assertThatThrownBy(() -> load("{train: nan.safetensors, inputs: [x], targets: [z]}"))
                .hasMessageContaining("x: expected finite numbers of float32, received NaN in example 1");
        assertThatThrownBy(() -> load("{train: nan.safetensors, inputs: [z], targets: [y]}"))
                .hasMessageContaining("expected class ids of 0 or more, received -1 in example 1");
        assertThatThrownBy(() -> load("{train: train.safetensors, inputs: [size], targets: [digit],"
                        + " classes: {digit: [a, a, b]}}"))
                .hasMessageContaining("expected different names for digit");
    }

    /** A file of x and the label y in one type, with the same values. */
    private void write(String name, DType type, float... values) {
        try (Scope scope = Scope.open()) {
            Shape rows = Shape.of(values.length);
            Safetensors.write(
                    dir.resolve(name + ".safetensors"),
                    Map.of(
                            "x", Tensor.of(values, Shape.of(values.length, 1)).to(type),
                            "y", Tensor.of(values, rows).to(type)),
                    Map.of());
        }
    }

    @Test
    void parts_of_another_type_than_training_are_refused_with_both_files() {
        write("bytes", DType.UINT8, 0, 1);
        write("floats", DType.FLOAT32, 0, 1);
        write("wide", DType.FLOAT64, 0, 1);
        write("halves", DType.FLOAT16, 0, 1);
        write("truths", DType.BOOL, 0, 1);
        write("ids", DType.INT32, 0, 1);
        write("long", DType.INT64, 0, 1);
        String yaml = "{train: %s.safetensors, validation: %s.safetensors, inputs: [x], targets: [y]}";
        for (String[] other : new String[][] {
            {"bytes", "floats"}, {"floats", "bytes"}, {"bytes", "truths"}, {"floats", "ids"}, {"ids", "floats"}
        }) {
            assertThatThrownBy(() -> load(yaml.formatted(other[0], other[1])))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(other[0] + ".safetensors")
                    .hasMessageContaining(other[1] + ".safetensors x: expected ")
                    .hasMessageContaining("as in x.astype(");
        }
        for (String[] same : new String[][] {
            {"floats", "wide"}, {"wide", "halves"}, {"ids", "long"}, {"long", "bytes"}, {"bytes", "bytes"}
        }) {
            DataParts parts = load(yaml.formatted(same[0], same[1]));
            assertThat(Objects.requireNonNull(parts.validation()).inputs())
                    .isEqualTo(parts.train().inputs());
        }
    }

    @Test
    void labels_may_be_whole_numbers_of_any_size_or_truth_values_and_never_fractions() {
        for (DType type : List.of(DType.UINT8, DType.BOOL, DType.INT8, DType.INT32)) {
            write("labels", type, 0, 1, 1);
            Field label = load("{train: labels.safetensors, inputs: [x], targets: [y], classes: {y: [no, yes]}}")
                    .train()
                    .targets()
                    .get(0);
            assertThat(label).isEqualTo(Field.classId("y", List.of("no", "yes")));
        }
        write("fractions", DType.FLOAT32, 0, 0.5f);
        assertThatThrownBy(() ->
                        load("{train: labels.safetensors, test: fractions.safetensors, inputs: [x], targets: [y]}"))
                .hasMessageContaining("fractions.safetensors x: expected int64");
        assertThatThrownBy(
                        () -> load("{train: fractions.safetensors, inputs: [x], targets: [y], classes: {y: [a, b]}}"))
                .hasMessageContaining("expected ids of the classes [a, b] as whole numbers, received float32");
    }

    @Test
    void what_does_not_fit_is_named() {
        assertThatThrownBy(() -> load("{train: train.safetensors, inputs: [pictures], targets: [digit]}"))
                .hasMessageContaining("did you mean \"picture\"?");
        assertThatThrownBy(() -> load("{train: train.safetensors, inputs: [picture, short], targets: [digit]}"))
                .hasMessageContaining("of another shape: short [2, 1] instead of [3, 1]");
        assertThatThrownBy(() -> load("{train: train.safetensors, inputs: [], targets: [digit]}"))
                .hasMessageContaining("arrays.inputs: expected one name or more");
        assertThatThrownBy(() -> load("{train: train.safetensors, inputs: [word], targets: []}"))
                .hasMessageContaining("arrays.targets: expected one name or more, each once, received none");
        assertThatThrownBy(() -> load("{train: train.safetensors, inputs: [word], targets: [digit, digit]}"))
                .hasMessageContaining("arrays.targets: expected one name or more, each once");
        assertThatThrownBy(() ->
                        load("{train: train.safetensors, inputs: [word], targets: [digit], classes: {digit: []}}"))
                .hasMessageContaining("expected different names for digit, received []");
        assertThatThrownBy(() ->
                        load("{train: train.safetensors, inputs: [word], targets: [digit], classes: {size: [a]}}"))
                .hasMessageContaining("expected names of targets [digit], received size");
    }
}
