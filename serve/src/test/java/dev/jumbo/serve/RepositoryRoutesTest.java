package dev.jumbo.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.onnx.export.OnnxExport;
import dev.jumbo.serve.access.Token;
import dev.jumbo.serve.access.TokenScope;
import dev.jumbo.serve.access.TokensFile;
import dev.jumbo.serve.repository.CodedModels;
import dev.jumbo.serve.repository.Repository;
import dev.jumbo.serve.repository.settings.RepositoryConfig;
import dev.jumbo.serve.repository.settings.VersionPolicy;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The repository extension and the calls for canaries, asked on the admin port as an operator asks. */
@Timeout(60)
class RepositoryRoutesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BODY =
            "{\"inputs\":[{\"name\":\"point\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[1,2,3,4]}]}";

    @TempDir
    static Path runs;

    private static Path first;
    private static Path second;

    @TempDir
    Path root;

    @TempDir
    Path secrets;

    private final HttpClient http = HttpClient.newHttpClient();
    private final String admin = TokensFile.secret();
    private final String infer = TokensFile.secret();
    private final String scraper = TokensFile.secret();

    @SuppressWarnings("NullAway.Init") // before each test
    private Repository repository;

    @SuppressWarnings("NullAway.Init") // before each test
    private ModelServer server;

    @BeforeAll
    static void train() {
        first = CodedModels.checkpoint(runs.resolve("first"), 1);
        second = CodedModels.checkpoint(runs.resolve("second"), 2);
    }

    @BeforeEach
    void start() throws IOException {
        Files.createDirectories(root.resolve("m"));
        CodedModels.copy(first, root.resolve("m/1"));
        Path tokens = Files.write(
                secrets.resolve("tokens"),
                List.of(
                        TokensFile.line("operator", Set.of(TokenScope.ADMIN), List.of(), admin),
                        TokensFile.line("scraper", Set.of(TokenScope.METRICS), List.of(), scraper),
                        TokensFile.line("client", Set.of(TokenScope.INFER), List.of(), infer)));
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
        RepositoryConfig config = new RepositoryConfig(
                RepositoryConfig.Mode.EXPLICIT, 0.05, VersionPolicy.latest(), List.of(), 1, 0.3, null, 30, 5);
        repository = Repository.open(root, config);
        server = ModelServer.start(
                ServerConfig.local(0).with(TestServer.access(tokens)).withAdminPort(0), Token.NONE, repository);
    }

    @AfterEach
    void stop() {
        server.close();
        repository.close();
    }

    private HttpResponse<String> send(int port, String token, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + token);
        request = body.equals("GET")
                ? request.GET()
                : request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private HttpResponse<String> operate(String path, String body) {
        return send(adminPort(), admin, "/v2/repository/" + path, body);
    }

    private int adminPort() {
        return Objects.requireNonNull(server.adminPort());
    }

    private void done(String path, String body) {
        HttpResponse<String> response = operate(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    private void refused(String path, String body, int status, String text) {
        HttpResponse<String> response = operate(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(json(response).path("error").asText())
                .contains(text)
                .doesNotContain("Exception", "dev.jumbo", root.toString());
    }

    private HttpResponse<String> ask(String path, String body) {
        return send(server.port(), infer, "/v2/" + path, body);
    }

    private static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new AssertionError(response.body(), e);
        }
    }

    private String answeringVersion() {
        return json(ask("models/m/infer", BODY)).path("model_version").asText();
    }

    @Test
    void models_are_loaded_and_unloaded_and_the_index_says_where_they_are() throws IOException {
        assertThat(ask("health/ready", "GET").statusCode()).isEqualTo(200);
        assertThat(json(operate("index", "")).toString())
                .isEqualTo("[{\"name\":\"m\",\"version\":\"1\",\"state\":\"UNAVAILABLE\",\"reason\":\"not loaded\"}]");
        assertThat(json(operate("index", "{\"ready\":true}"))).isEmpty();
        assertThat(ask("models/m/ready", "GET").statusCode()).isEqualTo(503);
        assertThat(ask("models/m/infer", BODY).statusCode()).isEqualTo(503);
        done("models/m/load", "{}");
        assertThat(json(operate("index", "{\"ready\":true}")).toString())
                .isEqualTo("[{\"name\":\"m\",\"version\":\"1\",\"state\":\"READY\",\"reason\":\"\"}]");
        assertThat(ask("models/m/ready", "GET").statusCode()).isEqualTo(200);
        assertThat(answeringVersion()).isEqualTo("1");
        CodedModels.copy(second, root.resolve("m/2"));
        done("models/m/load", "");
        assertThat(answeringVersion()).isEqualTo("2");
        assertThat(json(ask("models/m", "GET")).path("versions").toString()).isEqualTo("[\"2\"]");
        assertThat(ask("models/m/versions/1/ready", "GET").statusCode()).isEqualTo(503);
        assertThat(ask("models/m/versions/7/ready", "GET").statusCode()).isEqualTo(404);
        done("models/m/unload", "{\"parameters\":{\"unload_dependents\":true}}");
        assertThat(ask("models/m/infer", BODY).statusCode()).isEqualTo(503);
        assertThat(ask("health/ready", "GET").statusCode()).isEqualTo(200);
    }

    @Test
    void what_is_not_honoured_is_refused_and_says_why() throws IOException {
        refused("models/other/load", "{}", 404, "no such model");
        refused("models/..%2Fm/load", "{}", 400, "");
        refused("models/.m/load", "{}", 404, "no such model");
        refused("models/m/load", "{\"parameters\":{\"config\":\"{}\"}}", 400, "\"config\"");
        refused("models/m/load", "{\"parameters\":{\"file:1/model.onnx\":\"AA==\"}}", 400, "\"file:1/model.onnx\"");
        refused("models/m/load", "[1]", 400, "JSON object");
        refused("models/m/load", "{\"parameters\":", 400, "");
        refused("models/m/unload", "{\"parameters\":{\"unload_dependants\":true}}", 400, "unload_dependents");
        refused("models/m/unload", "{\"parameters\":{\"unload_dependents\":1}}", 400, "true or false");
        refused("index", "{\"redy\":true}", 400, "ready");
        refused("models/m/promote", "", 400, "canary");
        refused("models/m/canary", "{\"version\":\"1\",\"weight\":2}", 400, "0 to 1");
        refused("models/m/canary", "{\"version\":\"1\",\"wieght\":0.5}", 400, "weight");
        refused("models/m/canary", "{\"version\":\"9\"}", 404, "no such version");
        CodedModels.copy(second, root.resolve("m/2"));
        Files.write(root.resolve("m/2/model.safetensors"), new byte[8]);
        refused("models/m/load", "{}", 400, "version \"2\": the checkpoint");
        assertThat(answeringVersion()).isEqualTo("1");
    }

    @Test
    void only_an_operator_on_the_admin_port_is_answered() {
        for (String path :
                List.of("index", "models/m/load", "models/m/unload", "models/m/canary", "models/m/promote")) {
            assertThat(send(server.port(), admin, "/v2/repository/" + path, "{}")
                            .statusCode())
                    .isIn(403, 404);
            assertThat(send(adminPort(), infer, "/v2/repository/" + path, "{}").statusCode())
                    .isEqualTo(403);
            assertThat(send(adminPort(), "none", "/v2/repository/" + path, "{}").statusCode())
                    .isEqualTo(401);
        }
        assertThat(repository.versions("m")).isEmpty();
    }

    @Test
    void a_canary_gets_its_share_over_http_is_compared_and_rolled_back() throws Exception {
        done("models/m/load", "");
        CodedModels.copy(second, root.resolve("m/2"));
        done(
                "models/m/canary",
                "{\"version\":\"2\",\"weight\":0.5,\"min_requests\":20,\"shadow\":1,\"tolerance\":0.001}");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        boolean seen = false;
        while (!json(operate("index", "")).toString().contains("rolled back: 100.0 % of ")) {
            assertThat(System.nanoTime()).isLessThan(end);
            seen |= answeringVersion().equals("2");
        }
        assertThat(seen).isTrue();
        assertThat(answeringVersion()).isEqualTo("1");
        done("models/m/canary", "{\"version\":\"2\",\"weight\":1,\"shadow\":1,\"tolerance\":100}");
        while (!answeringVersion().equals("2")) {
            assertThat(System.nanoTime()).isLessThan(end);
        }
        // The stable version is asked the same again, and nobody has asked it: it is compared, and not counted.
        for (JsonNode version :
                json(send(server.port(), scraper, "/v2/models/m/stats", "GET")).path("model_stats")) {
            long answered = version.at("/inference_stats/success/count").asLong();
            assertThat(version.path("inference_count").asLong()).isEqualTo(answered);
            assertThat(version.path("execution_count").asLong()).isEqualTo(answered);
        }
        done("models/m/promote", "");
        assertThat(answeringVersion()).isEqualTo("2");
    }

    @Test
    void recorded_answers_keep_a_version_that_says_something_else_from_answering() throws IOException {
        done("models/m/load", "");
        String recorded = "[{\"request\":" + BODY + ",\"response\":"
                + ask("models/m/infer", BODY).body() + "}]";
        CodedModels.copy(first, root.resolve("m/2"));
        Files.writeString(root.resolve("m/2/golden.json"), recorded);
        done("models/m/load", "");
        assertThat(answeringVersion()).isEqualTo("2");
        CodedModels.copy(second, root.resolve("m/3"));
        Files.writeString(root.resolve("m/3/golden.json"), recorded);
        refused("models/m/load", "", 400, "golden.json, entry 0: it disagrees with what was recorded: expected ");
        assertThat(answeringVersion()).isEqualTo("2");
    }

    @Test
    void an_onnx_model_answers_as_the_checkpoint_that_it_was_made_of() throws IOException {
        Path directory = Files.createDirectories(root.resolve("m/2"));
        OnnxExport.of(Checkpoint.open(second)).model().write(directory.resolve("model.onnx"));
        done("models/m/load", "");
        JsonNode about = json(ask("models/m", "GET"));
        String body = BODY.replace("point", about.at("/inputs/0/name").asText());
        JsonNode answer = json(ask("models/m/infer", body));
        assertThat(answer.path("model_version").asText()).isEqualTo("2");
        assertThat(answer.at("/outputs/0/data/0").floatValue()).isCloseTo(CodedModels.answer(second), within(1e-5f));
    }
}
