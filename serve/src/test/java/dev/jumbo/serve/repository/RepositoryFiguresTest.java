package dev.jumbo.serve.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.serve.ModelServer;
import dev.jumbo.serve.ServerConfig;
import dev.jumbo.serve.access.Token;
import dev.jumbo.serve.repository.NumberedModels.Numbered;
import dev.jumbo.serve.repository.settings.CanarySettings;
import dev.jumbo.serve.repository.settings.RepositoryConfig;
import dev.jumbo.serve.repository.settings.VersionPolicy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code /metrics} says of loads and canaries. */
@Timeout(60)
class RepositoryFiguresTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String BODY =
            "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[1]}]}";

    @TempDir
    Path root;

    private final NumberedModels opener = new NumberedModels();

    private static String send(ModelServer server, String path, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
        HttpRequest made = body.isEmpty()
                ? request.build()
                : request.header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return HTTP.send(made, HttpResponse.BodyHandlers.ofString()).body();
    }

    @Test
    void loads_failures_and_canaries_are_counted_for_each_model() throws Exception {
        for (String version : new String[] {"1", "2"}) {
            NumberedModels.add(root, "a", version);
        }
        NumberedModels.add(root, "b", "7");
        opener.special.put("7", new Numbered(Float.NaN, () -> {}));
        RepositoryConfig config = new RepositoryConfig(
                RepositoryConfig.Mode.POLL, 0.05, VersionPolicy.latest(), List.of(), 1, 0, null, 20, 5);
        try (Repository repository = Repository.open(root, config, opener);
                ModelServer server = ModelServer.start(ServerConfig.local(0), Token.NONE, repository)) {
            RepositoryTest.until(() -> repository.versions("a").equals(List.of("2")));
            RepositoryTest.until(() -> repository.figures().get(1).failed() > 0);
            assertThat(send(server, "/metrics", ""))
                    .contains("# TYPE jumbo_model_loads_total counter")
                    .contains("jumbo_model_loads_total{model=\"a\"} 1.0")
                    .contains("jumbo_model_load_failures_total{model=\"a\"} 0.0")
                    .contains("jumbo_model_load_failures_total{model=\"b\"} 1.0")
                    .contains("jumbo_model_versions_ready{model=\"a\"} 1")
                    .contains("jumbo_model_versions_ready{model=\"b\"} 0")
                    .contains("jumbo_canary_rollbacks_total{model=\"a\"} 0.0")
                    .doesNotContain("jumbo_canary_weight{");
            NumberedModels.add(root, "a", "3");
            RepositoryTest.until(() -> repository.versions("a").equals(List.of("3")));
            repository.canary("a", CanarySettings.of("2", 0.5));
            RepositoryTest.until(() -> repository.versions("a").equals(List.of("2", "3")));
            for (int i = 0; i < 40; i++) {
                assertThat(send(server, "/v2/models/a/infer", BODY)).contains("outputs");
            }
            String tried = send(server, "/metrics", "");
            assertThat(tried).contains("jumbo_canary_weight{model=\"a\",version=\"2\"} 0.5");
            double canary = value(tried, "jumbo_canary_requests{model=\"a\",side=\"canary\",version=\"2\"}");
            double stable = value(tried, "jumbo_canary_requests{model=\"a\",side=\"stable\",version=\"2\"}");
            assertThat(canary).isBetween(5.0, 35.0);
            assertThat(canary + stable).isEqualTo(40);
            assertThat(value(tried, "jumbo_canary_errors{model=\"a\",side=\"canary\",version=\"2\"}"))
                    .isZero();
            repository.rollBack("a");
            assertThat(send(server, "/metrics", ""))
                    .contains("jumbo_canary_rollbacks_total{model=\"a\"} 1.0")
                    .contains("jumbo_canary_promotions_total{model=\"a\"} 0.0")
                    .doesNotContain("jumbo_canary_weight{", "jumbo_canary_requests{");
        }
    }

    private static double value(String text, String name) {
        int at = text.indexOf(name);
        assertThat(at).as(name + " in\n" + text).isPositive();
        return Double.parseDouble(text.substring(at + name.length(), text.indexOf('\n', at)));
    }
}
