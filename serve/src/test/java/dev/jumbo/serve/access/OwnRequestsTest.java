package dev.jumbo.serve.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import dev.jumbo.serve.http.Errors;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** By what a server knows itself while it warms up opens its models, and nothing else, and nothing afterwards. */
class OwnRequestsTest {
    private static final String INFER = "/v2/models/light/infer";

    private final Access access = new Access(
            new AccessConfig(null, List.of("models.example"), List.of(), List.of(), 100, new Allowance(1, 0, 0)),
            Token.of("0123456789abcdef"),
            false,
            false);

    @SuppressWarnings("NullAway.Init") // before each test
    private Server server;

    @BeforeEach
    void start() {
        ServerBuilder builder = Server.builder().http(0).errorHandler(new Errors());
        builder.service("/v2/models/{model}/infer", (ctx, request) -> HttpResponse.of(200));
        builder.service("/v2/repository/index", (ctx, request) -> HttpResponse.of(200));
        builder.service("/metrics", (ctx, request) -> HttpResponse.of(HttpStatus.OK));
        access.on(builder);
        server = builder.build();
        server.start().join();
    }

    @AfterEach
    void stop() {
        server.stop().join();
    }

    private int status(String method, String path, String authorization) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.activeLocalPort() + path))
                .method(method, BodyPublishers.noBody())
                .header("Authorization", authorization)
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void the_servers_own_header_opens_its_models_alone_and_only_while_it_warms_up() throws Exception {
        assertThat(status("POST", INFER, "Bearer x")).as("before").isEqualTo(403); // of another Host
        String own = access.beginSelf();
        for (int i = 0; i < 5; i++) {
            assertThat(status("POST", INFER, own))
                    .as("without a quota, under any name")
                    .isEqualTo(200);
        }
        assertThat(status("GET", "/metrics", own)).isEqualTo(403);
        assertThat(status("POST", "/v2/repository/index", own)).isEqualTo(403);
        assertThat(status("POST", INFER, own.substring(0, own.length() - 1))).isEqualTo(403);
        access.endSelf();
        assertThat(status("POST", INFER, own)).as("afterwards").isEqualTo(403);
    }
}
