package dev.jumbo.serve.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.onnx.format.ElementType;
import dev.jumbo.onnx.format.OnnxConstant;
import dev.jumbo.onnx.format.OnnxGraph;
import dev.jumbo.onnx.format.OnnxModel;
import dev.jumbo.onnx.format.OnnxNode;
import dev.jumbo.onnx.format.OnnxPort;
import dev.jumbo.serve.repository.load.SavedVersions;
import dev.jumbo.serve.repository.settings.RepositoryConfig;
import dev.jumbo.serve.repository.settings.VersionPolicy;
import dev.jumbo.train.infer.EngineChoice;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of ONNX whose parameters lie in a second file, which somebody changes while they answer. */
class ParameterFilesTest {
    private static final int IDS = 20_000;

    @TempDir
    Path root;

    /** Each that is another one than that before it. */
    private final List<Float> answers = Collections.synchronizedList(new ArrayList<>());

    private static float[] table(float value) {
        float[] table = new float[IDS];
        Arrays.fill(table, value);
        return table;
    }

    /** A table of ones. @return the file that it is in */
    private Path write() throws IOException {
        Path directory = Files.createDirectories(root.resolve("m/1"));
        OnnxGraph graph = new OnnxGraph(
                "g",
                List.of(new OnnxPort("x", ElementType.INT64, List.of("n"))),
                List.of(new OnnxPort("y", ElementType.FLOAT, List.of("n", 1L))),
                List.of(OnnxConstant.floats("table", table(1), IDS, 1)),
                List.of(new OnnxNode("g", "Gather", List.of("table", "x"), List.of("y"), List.of())));
        new OnnxModel(17, "test", graph, Map.of()).write(directory.resolve("model.onnx"), 100);
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".data"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static byte[] bytes(float value) {
        ByteBuffer bytes = ByteBuffer.allocate(IDS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(table(value));
        return bytes.array();
    }

    private float answer(Repository repository) {
        try (Lease lease = repository.lease("m", null)) {
            return lease.model()
                    .predictor()
                    .predict(List.of(new long[] {IDS - 1}), 1)
                    .get(0)[0];
        }
    }

    private void ask(Repository repository, AtomicBoolean stop) {
        while (!stop.get()) {
            float answer = answer(repository);
            if (answers.isEmpty() || answers.get(answers.size() - 1) != answer) {
                answers.add(answer);
            }
        }
    }

    @Test
    void every_answer_is_of_what_has_passed_its_trial_while_its_file_is_cut_off_and_written_anew() throws Exception {
        Path data = write();
        RepositoryConfig config = new RepositoryConfig(
                RepositoryConfig.Mode.POLL, 0.05, VersionPolicy.latest(), List.of(), 1, 0.3, null, 20, 5);
        AtomicBoolean stop = new AtomicBoolean();
        try (Repository repository = Repository.open(root, config, new SavedVersions(EngineChoice.AUTO))) {
            RepositoryTest.until(repository::isReady);
            Thread asking = new Thread(() -> ask(repository, stop));
            asking.start();
            try (RandomAccessFile in = new RandomAccessFile(data.toFile(), "rw")) {
                in.setLength(0); // As cp begins.
                TimeUnit.MILLISECONDS.sleep(600); // It stands still: damaged.
                assertThat(answer(repository)).isEqualTo(1);
                in.write(bytes(Float.NaN)); // It fails its trial.
                TimeUnit.MILLISECONDS.sleep(600);
                assertThat(answer(repository)).isEqualTo(1);
                in.seek(0);
                in.write(bytes(2));
            }
            RepositoryTest.until(() -> answers.size() > 1);
            stop.set(true);
            asking.join();
        }
        assertThat(answers).containsExactly(1f, 2f);
    }
}
