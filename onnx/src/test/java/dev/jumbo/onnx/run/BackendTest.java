package dev.jumbo.onnx.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.error.JumboException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ONNX project's own backend tests (v1.17.0), from the public data beside the repository; skipped where it is not there. Every one with
 * {@code -Dbackend.every=1}, otherwise every 20th.
 */
class BackendTest {
    private static final int EVERY = Integer.getInteger("backend.every", 20);

    /** ONNX Runtime 1.30 of Python gives the same other values here: the runtime's own. Dropout in training is random. */
    private static final String RUNTIMES_OWN =
            "node/test_(averagepool_3d_dilations_large_count_include_pad_is_1_ceil_mode_is_True|dft.*|"
                    + "maxunpool_export_with_output_shape|qlinearmatmul_.D_int8_float.*|"
                    + "resize_downsample_scales_(cubic|linear)_align_corners|training_dropout.*)";

    @TempDir
    private Path temp;

    private static Path archive() throws IOException {
        String named = System.getProperty("jumbo.shared", System.getenv("JUMBO_SHARED"));
        Path root = named == null ? null : Path.of(named);
        for (Path dir = Path.of("").toAbsolutePath(); root == null && dir != null; dir = dir.getParent()) {
            root = Files.isDirectory(dir.resolve("shared/data")) ? dir.resolve("shared/data") : null;
        }
        Path folder = root == null ? Path.of("none") : root.resolve("onnx-backend-tests");
        Assumptions.assumeTrue(Files.isDirectory(folder), "no onnx-backend-tests");
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".zip")).findFirst().orElseThrow();
        }
    }

    @Test
    void the_projects_tests_give_what_they_expect_or_an_error_in_words() throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        Map<String, List<String>> why = new TreeMap<>();
        try (ZipFile zip = new ZipFile(archive().toFile())) {
            Map<String, List<ZipEntry>> files = new HashMap<>();
            zip.stream()
                    .forEach(e -> files.computeIfAbsent(
                                    e.getName().replaceFirst("/(model\\.onnx|test_data_set_\\d+/.*)$", ""),
                                    k -> new ArrayList<>())
                            .add(e));
            List<String> tests = files.keySet().stream()
                    .filter(name -> zip.getEntry(name + "/model.onnx") != null)
                    .sorted()
                    .toList();
            for (int i = 0; i < tests.size(); i += EVERY) {
                String test = tests.get(i);
                Path directory = Files.createDirectories(temp.resolve("t" + i));
                Files.write(directory.resolve("model.onnx"), bytes(zip, zip.getEntry(test + "/model.onnx")));
                String outcome = run(zip, test, directory.resolve("model.onnx"));
                if (outcome.startsWith("other values") && test.matches(RUNTIMES_OWN)) {
                    outcome = "the runtime's own values";
                }
                counts.merge(outcome.replaceFirst(":.*", ""), 1, Integer::sum);
                why.computeIfAbsent(outcome.replaceFirst(":.*", ""), k -> new ArrayList<>())
                        .add(test + outcome.replaceFirst("^[^:]*", ""));
                counts.merge(predictor(directory), 1, Integer::sum);
                Files.delete(directory.resolve("model.onnx"));
            }
        }
        String report = System.getProperty("backend.report");
        if (report != null) {
            Files.writeString(Path.of(report), counts + "\n" + why);
        }
        assertThat(counts).doesNotContainKey("other values");
        int all = counts.entrySet().stream()
                .filter(e -> !e.getKey().startsWith("as a predictor"))
                .mapToInt(Map.Entry::getValue)
                .sum();
        assertThat(counts.getOrDefault("same", 0)).isGreaterThan(all * 7 / 10);
    }

    /** Real architectures with constant weights of up to 550 MB, asked as predictors; their runner gives them i / n as the i-th of n values. */
    @Test
    void known_architectures_answer_as_predictors() throws IOException {
        Assumptions.assumeTrue(EVERY == 1, "long: -Dbackend.every=1");
        List<String> wrong = new ArrayList<>();
        int asked = 0;
        try (ZipFile zip = new ZipFile(archive().toFile())) {
            for (ZipEntry entry : zip.stream()
                    .filter(e -> e.getName().matches("light/.*\\.onnx"))
                    .toList()) {
                Files.write(temp.resolve("model.onnx"), bytes(zip, entry));
                try (OnnxPredictor predictor = OnnxPredictor.open(temp)) {
                    float[] values = new float[predictor.inputs().get(0).elements()];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (float) ((double) i / values.length);
                    }
                    float[] made = predictor.predict(List.of(values), 1).get(0);
                    TensorFile expected = TensorFile.read(
                            bytes(zip, zip.getEntry(entry.getName().replace(".onnx", "_output_0.pb"))));
                    asked++;
                    if (!same(expected, new OnnxArray(made, expected.shape()))) {
                        wrong.add(entry.getName() + " other values");
                    }
                } catch (JumboException e) {
                    wrong.add(entry.getName() + " " + e.getMessage());
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(asked).isEqualTo(9);
    }

    private static byte[] bytes(ZipFile zip, ZipEntry entry) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    private static String predictor(Path directory) {
        try (OnnxPredictor predictor = OnnxPredictor.open(directory)) {
            return "as a predictor: opened";
        } catch (JumboException e) {
            return "as a predictor: refused";
        }
    }

    private static String run(ZipFile zip, String test, Path model) throws IOException {
        FileScan.of(model);
        try (OnnxSession session = OnnxSession.open(model)) {
            for (int set = 0; zip.getEntry(test + "/test_data_set_" + set + "/output_0.pb") != null; set++) {
                String folder = test + "/test_data_set_" + set + "/";
                Map<String, OnnxArray> inputs = new LinkedHashMap<>();
                int at = 0;
                for (String name : session.inputs()) {
                    ZipEntry entry = zip.getEntry(folder + "input_" + at++ + ".pb");
                    if (entry == null) {
                        continue;
                    }
                    TensorFile tensor = TensorFile.read(bytes(zip, entry));
                    if (!tensor.isRead() || Array.getLength(tensor.values()) != elements(tensor.shape())) {
                        return "types without an array here";
                    }
                    inputs.put(name, new OnnxArray(tensor.values(), tensor.shape()));
                }
                Map<String, OnnxArray> outputs = session.run(inputs);
                at = 0;
                for (Map.Entry<String, OnnxArray> output : outputs.entrySet()) {
                    TensorFile expected = TensorFile.read(bytes(zip, zip.getEntry(folder + "output_" + at++ + ".pb")));
                    if (!expected.isRead() || expected.values() instanceof String[]) {
                        return "types without an array here";
                    }
                    if (!same(expected, output.getValue())) {
                        return "other values: " + output.getKey();
                    }
                }
            }
            return "same";
        } catch (JumboException e) {
            String words = String.valueOf(e.getMessage());
            return (words.contains("load") ? "not loaded: " : "not run: ") + words;
        } catch (RuntimeException e) {
            return "types without an array here";
        }
    }

    private static long elements(long[] shape) {
        long elements = 1;
        for (long size : shape) {
            elements *= size;
        }
        return elements;
    }

    private static boolean same(TensorFile expected, OnnxArray received) {
        float[] a = new OnnxArray(expected.values(), expected.shape()).toFloats();
        float[] b = received.toFloats();
        for (int i = 0; i < a.length; i++) {
            double limit = (expected.type() == 10 ? 1e-2 : 1e-3) * Math.abs(a[i]) + 1e-4;
            boolean unsigned = expected.type() == 2 && (float) ((int) a[i] & 0xff) == b[i];
            if (!(a[i] == b[i]
                    || Math.abs(a[i] - b[i]) <= limit
                    || (Float.isNaN(a[i]) && Float.isNaN(b[i]))
                    || unsigned)) {
                return false;
            }
        }
        return a.length == b.length;
    }
}
