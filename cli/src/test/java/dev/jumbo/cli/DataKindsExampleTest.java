package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The transform, metric, augmentation and cleaning step of {@code examples/own_kinds}, each from YAML to a served answer. */
@Timeout(900)
class DataKindsExampleTest {
    private static final Path SOURCES = Path.of("../examples/own_kinds");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path directory;

    private static OwnJar own;

    @BeforeAll
    static void compile() throws Exception {
        own = OwnJar.compile(directory, "own.DataKinds", List.of(SOURCES.resolve("DataKinds.java")));
    }

    private static String ok(String... arguments) throws Exception {
        Command command = own.run(arguments);
        assertThat(command.status()).as(command.err()).isZero();
        return command.out();
    }

    /** Trains half, goes on, and evaluates. */
    private static double misses(String yaml, Path run, String... sets) throws Exception {
        List<String> train = new ArrayList<>(List.of("train", yaml, "--out", run.toString()));
        for (String set : sets) {
            train.addAll(List.of("--set", set));
        }
        List<String> half = new ArrayList<>(train);
        half.addAll(List.of("--set", "train.epochs=2"));
        ok(half.toArray(String[]::new));
        train.add("--resume");
        ok(train.toArray(String[]::new));
        return JSON.readTree(ok("evaluate", run.toString(), "--split", "test", "--json"))
                .get("misses")
                .asDouble();
    }

    @Test
    void a_transform_of_two_fields_and_a_metric_are_trained_resumed_evaluated_and_served() throws Exception {
        SplittableRandom random = new SplittableRandom(3);
        for (String name : List.of("names", "test")) {
            List<String> rows = new ArrayList<>(List.of("first,second,same"));
            for (int i = 0; i < 120; i++) {
                boolean same = random.nextBoolean();
                String first = "abcdefgh".substring(random.nextInt(4)) + random.nextInt(100);
                rows.add(first + "," + (same ? first + "x" : "z" + first) + "," + (same ? "yes" : "no"));
            }
            Files.write(directory.resolve(name + ".csv"), rows);
        }
        Path run = directory.resolve("names");
        double misses = misses(
                SOURCES.resolve("names.yaml").toString(),
                run,
                "data.dataset.records.train.csv.path=" + directory.resolve("names.csv"),
                "data.dataset.records.test.csv.path=" + directory.resolve("test.csv"));
        assertThat(misses).isLessThan(0.05);
        String row = "{\"first\": \"bcd1\", \"second\": \"bcd1x\"}";
        JsonNode predicted = JSON.readTree(ok("predict", run.toString(), row, "--json"));
        assertThat(predicted.get("label").asText()).isEqualTo("yes");
        assertThat(served(run, row).at("/probabilities/yes").asDouble())
                .isCloseTo(predicted.at("/probabilities/yes").asDouble(), within(1e-6));

        Command without = Command.run("predict", run.toString(), row); // This process has no such jar.
        assertThat(without.status()).isNotZero();
        assertThat(without.err())
                .contains("likeness")
                .contains("JUMBO_CLASS_PATH")
                .doesNotContain("\tat ");
    }

    @Test
    void a_cleaning_step_repairs_rows_of_training_and_those_that_are_asked() throws Exception {
        SplittableRandom random = new SplittableRandom(4);
        List<String> rows = new ArrayList<>(List.of("size;kind"));
        for (int i = 0; i < 200; i++) {
            int tenths = random.nextInt(200);
            rows.add(tenths / 10 + "," + tenths % 10 + ";" + (tenths < 100 ? "small" : "large"));
        }
        Path csv = Files.write(directory.resolve("sizes.csv"), rows);
        Path yaml = Files.writeString(directory.resolve("sizes.yaml"), """
                data:
                  dataset:
                    table:
                      train: {csv: {path: %1$s, delimiter: ";"}}
                      test: {csv: {path: %1$s, delimiter: ";"}}
                      target: kind
                      clean: [{decimal_comma: [size]}]
                model: {layers: [{dense: 2}]}
                train: {metrics: [misses], learning_rate: 0.1, epochs: 20, batch_size: 20, seed: 1}
                """.formatted(csv));
        Path run = directory.resolve("sizes");
        assertThat(misses(yaml.toString(), run)).isLessThan(0.1);
        String row = "{\"size\": \"1,5\"}";
        JsonNode predicted = JSON.readTree(ok("predict", run.toString(), row, "--json"));
        assertThat(predicted.get("label").asText()).isEqualTo("small");
        assertThat(served(run, row).at("/probabilities/small").asDouble())
                .isCloseTo(predicted.at("/probabilities/small").asDouble(), within(1e-6));
    }

    @Test
    void an_augmentation_changes_what_training_sees_and_nothing_else() throws Exception {
        Path yaml = Files.writeString(directory.resolve("digits.yaml"), """
                data: {dataset: {digits: {train: 200, test: 50}}, normalization: rescale, augmentation: [{negative: 1.0}]}
                model: {layers: [flatten, {dense: 10}]}
                train: {metrics: [misses], learning_rate: 0.01, epochs: 4, batch_size: 20, seed: 1}
                """);
        // Trained on negatives alone, it does not know what it is evaluated on.
        assertThat(misses(yaml.toString(), directory.resolve("negative"))).isGreaterThan(0.6);
        assertThat(misses(yaml.toString(), directory.resolve("plain"), "data.augmentation=[{negative: 0.0}]"))
                .isLessThan(0.5);
    }

    private static JsonNode served(Path run, String row) throws Exception {
        Path log = directory.resolve("serve.log");
        Files.writeString(log, "");
        Process server = OwnJar.command(List.of(own.jar()), "serve", run.toString(), "--port", "0")
                .redirectError(log.toFile())
                .start();
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(
                                            address(server, log) + "/v2/models/" + run.getFileName() + "/predict"))
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(row))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return JSON.readTree(answer.body());
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    private static String address(Process server, Path log) throws Exception {
        Pattern where = Pattern.compile("serving on (http://\\S+?)/? ");
        while (true) {
            Matcher said = where.matcher(Files.readString(log));
            if (said.find()) {
                return said.group(1);
            }
            assertThat(server.waitFor(50, TimeUnit.MILLISECONDS)).as("ended").isFalse();
        }
    }
}
