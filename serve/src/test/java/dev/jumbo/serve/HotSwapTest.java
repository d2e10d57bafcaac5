package dev.jumbo.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.serve.access.Token;
import dev.jumbo.serve.repository.CodedModels;
import dev.jumbo.serve.repository.Repository;
import dev.jumbo.serve.repository.load.SavedVersions;
import dev.jumbo.serve.repository.settings.RepositoryConfig;
import dev.jumbo.serve.repository.settings.VersionPolicy;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.train.infer.EngineChoice;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Versions that replace each other under load; {@code -Djumbo.swaps=1000} for as many. */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class HotSwapTest {
    private static final int SWAPS = Integer.getInteger("jumbo.swaps", 40);
    private static final int CLIENTS = 3;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BODY =
            "{\"inputs\":[{\"name\":\"point\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[1,2,3,4]}]}";

    @TempDir
    Path runs;

    @TempDir
    Path root;

    private final List<Path> checkpoints = new ArrayList<>();
    private final List<Float> answers = new ArrayList<>();

    @Test
    void every_answer_is_of_exactly_one_version_none_is_lost_and_the_memory_comes_back() throws Exception {
        for (int i = 0; i < 3; i++) {
            checkpoints.add(CodedModels.checkpoint(runs.resolve("run-" + i), i + 1));
            answers.add(CodedModels.answer(checkpoints.get(i)));
        }
        assertThat(answers).doesNotHaveDuplicates();
        Files.createDirectories(root.resolve("m"));
        CodedModels.copy(checkpoints.get(1), root.resolve("m/1"));
        RepositoryConfig config = new RepositoryConfig(
                RepositoryConfig.Mode.POLL, 0.05, VersionPolicy.latest(), List.of(), 1, 3, null, 60, 5);
        int tensors = NativeMemory.liveTensors();
        try (Repository repository = Repository.open(root, config, new SavedVersions(EngineChoice.LIBTORCH));
                ModelServer server = ModelServer.start(ServerConfig.local(0), Token.NONE, repository)) {
            until(repository::isReady);
            swap(server);
            until(() -> repository.index(false).size() == 1);
        }
        assertThat(NativeMemory.liveTensors()).isEqualTo(tensors);
    }

    private void swap(ModelServer server) throws Exception {
        URI uri = server.uri().resolve("v2/models/m/infer");
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong answered = new AtomicLong();
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Thread client = new Thread(() -> {
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                while (!stop.get()) {
                    try {
                        check(ask(http, uri), wrong);
                        answered.incrementAndGet();
                        Thread.sleep(2);
                    } catch (Exception e) {
                        wrong.add(e.toString());
                    }
                }
            });
            client.start();
            clients.add(client);
        }
        HttpClient http = HttpClient.newHttpClient();
        List<Long> resident = new ArrayList<>();
        try {
            for (int version = 2; version <= SWAPS + 1; version++) {
                arrive(version);
                String now = "" + version;
                until(() -> ask(http, uri).path("model_version").asText().equals(now));
                CodedModels.delete(root.resolve("m").resolve("" + (version - 1)));
                resident.add(NativeMemory.residentBytes());
            }
        } finally {
            stop.set(true);
            for (Thread client : clients) {
                client.join();
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(answered.get()).isGreaterThan(SWAPS);
        double slope = slope(resident.subList(resident.size() / 2, resident.size()));
        System.err.printf(
                "%d swaps, %d answers, resident %d MiB at first, %d in the middle, %d at the end, %.1f KiB a swap in the second half%n",
                SWAPS,
                answered.get(),
                resident.get(0) >> 20,
                resident.get(resident.size() / 2) >> 20,
                resident.get(resident.size() - 1) >> 20,
                slope / 1024);
        if (SWAPS >= 500) {
            assertThat(slope).as("bytes a swap").isLessThan(32 << 10);
        }
    }

    /** Each time in another way: copied file by file, renamed, copied under other names. */
    private void arrive(int version) throws IOException {
        Path from = checkpoints.get(version % 3);
        Path to = root.resolve("m").resolve("" + version);
        switch (version % 3) {
            case 0 -> CodedModels.copy(from, to);
            case 1 -> {
                Path aside = root.resolve("m").resolve("." + version + ".new");
                CodedModels.copy(from, aside);
                Files.move(aside, to);
            }
            default -> {
                Files.createDirectories(to);
                try (var files = Files.list(from)) {
                    for (Path file : files.toList()) {
                        String name = file.getFileName().toString();
                        Path aside = to.resolve("." + name + ".Xk3f9");
                        Files.copy(file, aside);
                        Files.move(aside, to.resolve(name));
                    }
                }
            }
        }
    }

    private static JsonNode ask(HttpClient http, URI uri) {
        try {
            HttpResponse<byte[]> response = http.send(
                    HttpRequest.newBuilder(uri)
                            .timeout(Duration.ofSeconds(30))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(BODY))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(response.statusCode())
                    .as(new String(response.body(), StandardCharsets.UTF_8))
                    .isEqualTo(200);
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new AssertionError("no answer: " + e, e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void check(JsonNode answer, Queue<String> wrong) {
        int version = answer.path("model_version").asInt();
        float value = answer.at("/outputs/0/data/0").floatValue();
        if (Math.abs(value - answers.get(version % 3)) > 1e-5) {
            wrong.add("version " + version + " said " + value + ", expected " + answers.get(version % 3));
        }
    }

    /** Bytes a swap, by least squares. */
    private static double slope(List<Long> values) {
        double n = values.size();
        double meanX = (n - 1) / 2;
        double meanY = values.stream().mapToLong(v -> v).average().orElse(0);
        double products = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            products += (i - meanX) * (values.get(i) - meanY);
            squares += (i - meanX) * (i - meanX);
        }
        return products / squares;
    }

    private interface Condition {
        boolean holds();
    }

    private static void until(Condition condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("it did not happen within 60 s").isLessThan(end);
            Thread.sleep(5);
        }
    }
}
