package dev.jumbo.onnx.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import dev.jumbo.error.InputException;
import dev.jumbo.error.JumboException;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.onnx.export.OnnxExport;
import dev.jumbo.onnx.format.ElementType;
import dev.jumbo.onnx.format.OnnxGraph;
import dev.jumbo.onnx.format.OnnxModel;
import dev.jumbo.onnx.format.OnnxNode;
import dev.jumbo.onnx.format.OnnxPort;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileScanTest {
    @TempDir
    private Path parent;

    private Path directory;
    private Path file;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createDirectory(parent.resolve("m"));
        file = directory.resolve("model.onnx");
    }

    private void write(long largest) throws IOException {
        try (Model model = Model.build(Layers.dense(300), Specs.of(Shape.of(20)), RandomState.of(5))) {
            OnnxExport.of(model).model().write(file, largest);
        }
    }

    @Test
    void parameters_in_a_second_file_give_the_same() throws IOException {
        write(Long.MAX_VALUE);
        float[] whole;
        float[] x = new float[20];
        x[3] = 2;
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            whole = predictor.predict(List.of(x), 1).get(0);
        }
        write(100);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .hasSize(2)
                    .anyMatch(name -> name.matches("model\\.onnx\\.[0-9a-f]{16}\\.data"));
        }
        assertThat(Files.size(file)).isLessThan(4000);
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            assertThat(predictor.predict(List.of(x), 1).get(0)).containsExactly(whole);
        }
    }

    @Test
    void a_second_file_that_is_missing_or_too_short_is_named() throws IOException {
        write(100);
        Path data;
        try (Stream<Path> files = Files.list(directory)) {
            data = files.filter(f -> f.toString().endsWith(".data")).findFirst().orElseThrow();
        }
        byte[] all = Files.readAllBytes(data);
        Files.write(data, java.util.Arrays.copyOf(all, all.length - 1));
        assertThatThrownBy(() -> OnnxPredictor.open(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received a file of " + (all.length - 1) + " bytes");
        Files.delete(data);
        assertThatThrownBy(() -> OnnxPredictor.open(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected the file " + data.getFileName());
    }

    /** A model with a constant of 4 bytes somewhere else. */
    private void writeOutside(String location) throws IOException {
        byte[] entry = message(out -> {
            out.writeString(1, "location");
            out.writeString(2, location);
        });
        byte[] tensor = message(out -> {
            out.writeInt64(1, 1);
            out.writeInt32(2, 1);
            out.writeString(8, "c");
            out.writeByteArray(13, entry);
            out.writeInt32(14, 1);
        });
        byte[] graph = message(out -> out.writeByteArray(5, tensor));
        byte[] opset = message(out -> out.writeInt64(2, 17));
        Files.write(file, message(out -> {
            out.writeInt64(1, 8);
            out.writeByteArray(7, graph);
            out.writeByteArray(8, opset);
        }));
    }

    private interface Written {
        void to(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Written written) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        written.to(out);
        out.flush();
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret",
                "/etc/passwd",
                "a/../../secret",
                "link",
                "..\\secret",
                "",
                "sub/../../secret",
                "../m/inside",
                "sub/../inside"
            })
    void a_model_reads_no_file_that_is_not_beside_it(String location) throws IOException {
        Files.writeString(parent.resolve("secret"), "secret");
        Files.createSymbolicLink(directory.resolve("link"), parent.resolve("secret"));
        Files.writeString(directory.resolve("inside"), "1234");
        Files.createDirectory(directory.resolve("sub"));
        writeOutside(location);
        assertThatThrownBy(() -> OnnxPredictor.open(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a model reads no other files")
                .hasMessageNotContaining(parent.toString());
    }

    @Test
    void a_missing_file_an_empty_one_and_another_kind_of_file_are_told_apart() throws IOException {
        assertThatThrownBy(() -> OnnxPredictor.open(directory))
                .hasMessage("expected model.onnx in m, received a directory without it");
        assertThatThrownBy(() -> OnnxPredictor.open(directory.resolve("none")))
                .hasMessage("expected model.onnx in none, received no directory");
        Files.write(file, new byte[0]);
        assertThatThrownBy(() -> OnnxPredictor.open(directory)).hasMessageContaining("received a file without a graph");
        Files.write(file, "PK\3\4 this is a zip archive, not a model".getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> OnnxPredictor.open(directory))
                .hasMessageContaining("expected a model of ONNX in model.onnx");
    }

    @Test
    void graphs_nested_without_end_are_refused() throws IOException {
        byte[] graph = message(out -> out.writeString(2, "g"));
        for (int i = 0; i < 1000; i++) {
            byte[] inner = graph;
            byte[] attribute = message(out -> out.writeByteArray(6, inner));
            byte[] node = message(out -> out.writeByteArray(5, attribute));
            graph = message(out -> out.writeByteArray(1, node));
        }
        byte[] deep = graph;
        Files.write(file, message(out -> {
            out.writeByteArray(7, deep);
            out.writeByteArray(8, new byte[] {16, 17});
        }));
        assertThatThrownBy(() -> OnnxPredictor.open(directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("nested deeper");
    }

    @Test
    void bytes_that_were_changed_or_cut_off_never_do_worse_than_an_error() throws IOException {
        write(Long.MAX_VALUE);
        byte[] good = Files.readAllBytes(file);
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            byte[] bad = i % 2 == 0 ? java.util.Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int change = 0; i % 2 == 1 && change < 4; change++) {
                // At the ends is what is no parameter.
                int at = random.nextBoolean() ? random.nextInt(200) : good.length - 1 - random.nextInt(300);
                bad[at] = (byte) random.nextInt();
            }
            Files.write(file, bad);
            try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
                predictor.outputs();
            } catch (JumboException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    private void write(List<OnnxNode> nodes) throws IOException {
        OnnxPort in = new OnnxPort("x", ElementType.FLOAT, List.of("n", 2L));
        OnnxPort out = new OnnxPort("y", ElementType.FLOAT, List.of("n", 2L));
        new OnnxModel(17, "test", new OnnxGraph("g", List.of(in), List.of(out), List.of(), nodes), Map.of())
                .write(file);
    }

    @Test
    void nodes_in_a_circle_are_an_error() throws IOException {
        write(List.of(
                new OnnxNode("a", "Add", List.of("x", "y"), List.of("b"), List.of()),
                new OnnxNode("c", "Relu", List.of("b"), List.of("y"), List.of())));
        assertThatThrownBy(() -> OnnxPredictor.open(directory)).isInstanceOf(InputException.class);
    }

    @Test
    void ten_thousand_nodes_in_a_row_are_computed() throws IOException {
        List<OnnxNode> nodes = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            String from = i == 0 ? "x" : "v" + i;
            nodes.add(new OnnxNode("n" + i, "Neg", List.of(from), List.of(i == 9999 ? "y" : "v" + (i + 1)), List.of()));
        }
        write(nodes);
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            assertThat(predictor.predict(List.of(new float[] {1, -2}), 1).get(0))
                    .containsExactly(1, -2);
        }
    }
}
