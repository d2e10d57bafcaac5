package dev.jumbo.onnx.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.jumbo.error.FailureException;
import dev.jumbo.onnx.format.ElementType;
import dev.jumbo.onnx.format.OnnxConstant;
import dev.jumbo.onnx.format.OnnxGraph;
import dev.jumbo.onnx.format.OnnxModel;
import dev.jumbo.onnx.format.OnnxNode;
import dev.jumbo.onnx.format.OnnxPort;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models whose parameters are in a second file, which the runtime maps. */
class PrivateCopyTest {
    private static final int IDS = 4000;
    private static final int WIDTH = 64;

    @TempDir
    private Path directory;

    private Path data;

    /** A table that is looked up where it is mapped, all of one number. */
    @BeforeEach
    void write() throws IOException {
        float[] table = new float[IDS * WIDTH];
        Arrays.fill(table, 1);
        OnnxGraph graph = new OnnxGraph(
                "g",
                List.of(new OnnxPort("x", ElementType.INT64, List.of("n"))),
                List.of(new OnnxPort("y", ElementType.FLOAT, List.of("n", (long) WIDTH))),
                List.of(OnnxConstant.floats("table", table, IDS, WIDTH)),
                List.of(new OnnxNode("g", "Gather", List.of("table", "x"), List.of("y"), List.of())));
        new OnnxModel(17, "test", graph, Map.of()).write(directory.resolve("model.onnx"), 100);
        try (Stream<Path> files = Files.list(directory)) {
            data = files.filter(file -> file.toString().endsWith(".data"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static float[] last(OnnxPredictor predictor) {
        return predictor.predict(List.of(new long[] {IDS - 1}), 1).get(0);
    }

    @Test
    void what_is_loaded_answers_as_before_while_others_write_into_its_files_and_cut_them_off() throws IOException {
        float[] ones = new float[WIDTH];
        Arrays.fill(ones, 1);
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            assertThat(last(predictor)).containsExactly(ones);
            try (RandomAccessFile in = new RandomAccessFile(data.toFile(), "rw")) {
                in.write(new byte[(int) Files.size(data)]);
                assertThat(last(predictor)).containsExactly(ones);
                in.setLength(0);
                assertThat(last(predictor)).containsExactly(ones);
            }
            Files.delete(data);
            assertThat(last(predictor)).containsExactly(ones);
        }
    }

    @Test
    void the_copy_is_deleted_as_soon_as_it_is_loaded() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        assumeThat(maps).exists();
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            assertThat(last(predictor)).hasSize(WIDTH);
            assertThat(Files.readAllLines(maps))
                    .noneMatch(line -> line.contains(directory.toString()))
                    .filteredOn(line -> line.contains("jumbo-onnx"))
                    .isNotEmpty()
                    .allMatch(line -> line.endsWith("(deleted)"));
        }
        assertThat(Files.readAllLines(maps)).noneMatch(line -> line.contains("jumbo-onnx"));
    }

    @Test
    void a_copy_for_which_there_is_no_room_is_refused_before_it_fills_the_disk() throws IOException {
        long usable = Files.getFileStore(Path.of(System.getProperty("java.io.tmpdir")))
                .getUsableSpace();
        try (RandomAccessFile file = new RandomAccessFile(data.toFile(), "rw")) {
            file.setLength(2 * usable + (1L << 30)); // A hole takes no room itself.
        } catch (IOException e) {
            assumeThat(e).as("a file system with holes").isNull();
        }
        assertThatThrownBy(() -> OnnxPredictor.open(directory))
                .isInstanceOf(FailureException.class)
                .hasMessageMatching("expected \\d+ MiB of room for a copy of the model's files in the directory for"
                        + " temporary files, found \\d+ MiB; .*")
                .hasMessageNotContaining(directory.toString());
    }
}
