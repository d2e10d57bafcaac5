package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.answer.AnswerJson;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.RunDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A run that leaves the place where it was built. */
class PackageTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path dir;

    private Path run;

    @BeforeEach
    void train() throws IOException {
        List<String> lines = new ArrayList<>(List.of("size,kind,left"));
        for (int i = 0; i < 60; i++) {
            lines.add((i % 3 == 0 ? 20 + i % 7 : 2 + i % 5) + "," + (i % 2 == 0 ? "a" : "b") + ","
                    + (i % 3 == 0 ? "gone" : "here"));
        }
        Files.write(dir.resolve("train.csv"), lines);
        Path yaml = Files.writeString(dir.resolve("left.yaml"), """
                data:
                  dataset:
                    table: {train: {csv: {path: %s}}, target: left}
                model: {layers: [{dense: 2}]}
                train: {epochs: 5, batch_size: 16, learning_rate: 0.05, seed: 1}
                """.formatted(dir.resolve("train.csv")));
        run = dir.resolve("left run");
        Command done = Command.run("train", yaml.toString(), "--out", run.toString());
        assertThat(done.status()).as(done.err()).isZero();
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void an_archive_unpacked_at_a_path_with_spaces_answers_as_the_run_does_without_the_files_of_training()
            throws IOException, InterruptedException {
        Path archive = dir.resolve("left.tar");
        Command packed = Command.run("package", run.toString(), "--out", archive.toString());
        assertThat(packed.status()).as(packed.err()).isZero();
        Path place = Files.createDirectories(dir.resolve("a place with spaces"));
        Process tar = new ProcessBuilder("tar", "xf", archive.toString(), "-C", place.toString())
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
        Map<String, Object> row = Map.of("size", 21, "kind", "a");
        double expected;
        try (Predictor predictor = Predictor.of(Checkpoint.best(run))) {
            expected = JSON.readTree(AnswerJson.of(
                                    predictor.answerRows(List.of(row)).rows().get(0))
                            .toString())
                    .path("probability")
                    .asDouble();
        }
        Path program = place.resolve("left-run/bin/serve");
        assertThat(program).isExecutable();
        try (Stream<Path> files = Files.walk(place.resolve("left-run/model"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains("model.safetensors")
                    .noneMatch(file -> file.contains("optimizer"));
        }
        Process server = new ProcessBuilder(program.toString(), "--port", "0")
                .redirectErrorStream(true)
                .start();
        try {
            URI uri = uri(server);
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(uri.resolve("/v2/models/left-run/predict"))
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(row)))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            JsonNode said = JSON.readTree(answer.body());
            assertThat(said.path("label").asText()).isEqualTo("gone");
            assertThat(said.path("probability").asDouble()).isCloseTo(expected, Offset.offset(1e-5));
            server.destroy();
            assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(server.exitValue()).isEqualTo(143);
        } finally {
            server.destroyForcibly();
        }
    }

    private static URI uri(Process server) throws IOException {
        BufferedReader lines = server.inputReader(StandardCharsets.UTF_8);
        List<String> said = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.add(line);
            if (line.startsWith("serving on ")) {
                return URI.create(line.split(" ")[2]);
            }
        }
        throw new AssertionError("expected a server, received " + said);
    }

    @Test
    void a_checkpoint_without_state_answers_and_says_that_training_cannot_go_on_from_it() throws IOException {
        Path copy = Files.createDirectories(dir.resolve("copy"));
        Files.copy(run.resolve("run.yaml"), copy.resolve("run.yaml"));
        new RunDirectory(copy).receive(Checkpoint.best(run));
        Command said = Command.run("predict", copy.toString(), "{\"size\": 21, \"kind\": \"a\"}");
        assertThat(said.status()).as(said.err()).isZero();
        assertThat(said.out()).contains("gone");
        Command resumed = Command.run(
                "train",
                dir.resolve("left.yaml").toString(),
                "--out",
                copy.toString(),
                "--resume",
                "--set",
                "train.epochs=9");
        assertThat(resumed.status()).isEqualTo(2);
        assertThat(resumed.err()).contains("without the state of the optimizer", "init_from");
    }

    @Test
    void manifests_are_printed_and_nothing_is_sent() {
        Command printed = Command.run(
                "deploy", run.toString(), "--dry-run", "--target", "kserve", "--image", "registry.example/left:1");
        assertThat(printed.status()).as(printed.err()).isZero();
        assertThat(printed.out()).contains("kind: InferenceService", "name: left-run", "registry.example/left:1");
        Command refused =
                Command.run("deploy", run.toString(), "--target", "kubernetes", "--image", "registry.example/left:1");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("--dry-run");
    }
}
