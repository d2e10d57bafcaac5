package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each example that runs offline, exported and compared; raw inputs and prepared ones. */
class ExportTest {
    private static final String DIGITS = "data={dataset: {digits: {train: 200, test: 50}}, normalization: rescale}";

    @TempDir
    Path temp;

    private Path train(String example, String... sets) {
        Path run = temp.resolve(example);
        List<String> arguments =
                new ArrayList<>(List.of("train", "../examples/" + example + ".yaml", "--out", run.toString()));
        for (String set : sets) {
            arguments.add("--set");
            arguments.add(set);
        }
        Command command = Command.run(arguments.toArray(String[]::new));
        assertThat(command.status()).as(command.err()).isZero();
        return run;
    }

    /** A table of the public data beside the repository; skips the test where it is not there. */
    private static String table(String name) {
        String named = System.getProperty("jumbo.shared", System.getenv("JUMBO_SHARED"));
        Path file = named == null ? null : Path.of(named).resolve("tables").resolve(name);
        for (Path dir = Path.of("").toAbsolutePath(); file == null && dir != null; dir = dir.getParent()) {
            Path candidate = dir.resolve("shared/data/tables").resolve(name);
            file = Files.exists(candidate) ? candidate : null;
        }
        Assumptions.assumeTrue(file != null && Files.exists(file), "no public table " + name);
        return String.valueOf(file);
    }

    private Path trained(String example) throws IOException {
        String steps = "train.max_steps=3";
        return switch (example) {
            case "iris" -> train(example, "data.dataset.table.train.arff.path=" + table("iris.arff"), steps);
            case "titanic", "wide_and_deep" ->
                train(example, "data.dataset.table.train.csv.path=" + table("titanic.csv"), steps);
            case "housing" ->
                train(example, "data.dataset.table.train.arff.path=" + table("cal_housing.arff.gz"), steps);
            case "adult" ->
                train(
                        example,
                        "data.dataset.table.train.csv.path=" + table("adult.data.gz"),
                        "data.dataset.table.test.csv.path=" + table("adult.test.gz"),
                        steps);
            case "mixed_stream" -> {
                for (String name : List.of("web-1", "books", "held")) {
                    StringBuilder lines = new StringBuilder();
                    for (int i = 0; i < 60; i++) {
                        int start = i;
                        lines.append("{\"tokens\": ")
                                .append(IntStream.range(0, 4 + i % 9)
                                        .map(t -> (start + t) % 32)
                                        .boxed()
                                        .toList())
                                .append("}\n");
                    }
                    Files.writeString(temp.resolve(name + ".jsonl"), lines);
                }
                yield train(example, "data.dir=" + temp, steps);
            }
            case "image_folder" -> {
                for (int i = 0; i < 30; i++) {
                    Path folder = Files.createDirectories(
                            temp.resolve(i < 20 ? "train" : "test").resolve("class" + i % 10));
                    BufferedImage picture = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
                    picture.setRGB(i, i, 0x123456 * i);
                    ImageIO.write(picture, "png", folder.resolve(i + ".png").toFile());
                }
                yield train(example, "data.dir=" + temp, steps);
            }
            case "fine_tune" -> {
                Path before = train("digits", DIGITS, steps);
                yield train(example, DIGITS, "train.init_from=" + before, steps);
            }
            default -> train(example, DIGITS, steps);
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "iris",
                "titanic",
                "wide_and_deep",
                "housing",
                "adult",
                "mixed_stream",
                "image_folder",
                "fine_tune",
                "digits",
                "article",
                "mnist_best"
            })
    void an_example_gives_the_same_in_ONNX_Runtime(String example) throws IOException {
        Path run = trained(example);
        for (String[] options : new String[][] {{}, {"--prepared"}, {"--opset", "21"}}) {
            Path file = temp.resolve(example + options.length + ".onnx");
            List<String> arguments =
                    new ArrayList<>(List.of("export", run.toString(), "--onnx", file.toString(), "--json"));
            arguments.addAll(List.of(options));
            Command exported = Command.run(arguments.toArray(String[]::new));
            assertThat(exported.status()).as(exported.err()).isZero();
            JsonNode said = new ObjectMapper().readTree(exported.out());
            assertThat(said.get("largest_difference").asDouble()).isLessThan(1e-4);
            assertThat(said.get("bytes").asLong()).isEqualTo(Files.size(file));
            keep(file);
        }
    }

    /** For a check with other tools. */
    private static void keep(Path file) throws IOException {
        String kept = System.getProperty("onnx.keep");
        if (kept != null) {
            Files.copy(file, Path.of(kept).resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Test
    void it_says_what_was_written_and_what_is_left_to_callers() throws IOException {
        Path run = train("digits", DIGITS, "train.max_steps=2");
        Path file = temp.resolve("deep/er/digits.onnx");
        Command exported = Command.run("export", run.toString(), "--onnx", file.toString());
        assertThat(exported.status()).as(exported.err()).isZero();
        assertThat(exported.out())
                .contains("digits.onnx: ")
                .contains("  input   image FLOAT [batch, 1, 28, 28]")
                .contains("  left to callers: image: pictures are decoded and resized before")
                .containsPattern("largest difference to ONNX Runtime, batches of 1, 2, 7 rows: \\d\\.\\de-\\d\\d");
        try (Stream<Path> left = Files.list(file.toAbsolutePath().getParent())) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void what_cannot_be_written_is_an_error_and_leaves_no_file() {
        Path run = train("digits", DIGITS, "train.max_steps=1");
        Command opset = Command.run(
                "export", run.toString(), "--onnx", temp.resolve("a.onnx").toString(), "--opset", "9");
        assertThat(opset.status()).isNotZero();
        assertThat(opset.err()).contains("opset: expected 17 to 23, received 9");
        Command directory = Command.run("export", run.toString(), "--onnx", temp.toString());
        assertThat(directory.err()).contains("expected the name of a file");
        Command none = Command.run(
                "export",
                temp.resolve("none").toString(),
                "--onnx",
                temp.resolve("b.onnx").toString());
        assertThat(none.status()).isNotZero();
        assertThat(temp.resolve("a.onnx")).doesNotExist();
        assertThat(temp.resolve("b.onnx")).doesNotExist();
    }
}
