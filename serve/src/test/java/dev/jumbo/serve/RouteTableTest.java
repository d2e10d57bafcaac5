package dev.jumbo.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.server.Route;
import dev.jumbo.serve.access.AccessConfig;
import dev.jumbo.serve.access.Rights;
import dev.jumbo.serve.access.Rights.Need;
import dev.jumbo.serve.access.Token;
import dev.jumbo.serve.access.TokenScope;
import dev.jumbo.serve.access.TokensFile;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every route, asked by nobody, by somebody with a wrong token, with each scope alone, and for another model. */
class RouteTableTest {
    private static final int FORBIDDEN = 403;
    private static final int UNAUTHENTICATED = 401;

    @TempDir
    Path directory;

    private final Map<String, String> secrets = new HashMap<>();
    private final HttpClient http2 =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    private TestServer server;
    private AccessConfig access;

    @BeforeEach
    void start() throws IOException {
        List<String> lines = new ArrayList<>();
        for (TokenScope scope : TokenScope.values()) {
            lines.add(TokensFile.line(scope.word(), Set.of(scope), List.of(), secret(scope.word())));
        }
        lines.add(TokensFile.line(
                "other-model", EnumSet.allOf(TokenScope.class), List.of("dark"), secret("other-model")));
        Path file = Files.write(directory.resolve("tokens"), lines);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        access = TestServer.access(file);
        server = new TestServer(ServerConfig.local(0).with(access).withAdminPort(0), Token.NONE);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String secret(String name) {
        String secret = TokensFile.secret();
        secrets.put(name, secret);
        return secret;
    }

    @Test
    void every_route_of_the_server_is_declared_and_every_declared_one_is_there() {
        List<String> answered = new ArrayList<>();
        for (Route route : server.server.routes()) {
            for (HttpMethod method : route.methods()) {
                // gRPC takes any method here, and refuses all but POST.
                boolean grpc = route.patternString().matches("/\\w+\\..*/\\w+");
                if ((method == HttpMethod.GET && !grpc) || method == HttpMethod.POST) {
                    assertThat(Rights.of(method, route))
                            .as("serve.access.Rights declares " + method + " " + route.patternString())
                            .isNotNull();
                    answered.add(method + " " + route.patternString());
                }
            }
        }
        for (Rights.Declared declared : Rights.all()) {
            String pattern = Route.builder().path(declared.path()).build().patternString();
            assertThat(answered).as("declared, so answered").contains(declared.method() + " " + pattern);
        }
    }

    @Test
    void every_route_asks_for_its_scope_on_either_port() {
        for (Rights.Declared route : Rights.all()) {
            for (boolean admin : new boolean[] {false, true}) {
                String where = route + (admin ? " on the admin port" : "");
                // An empty message names no model.
                boolean open = route.need() == Need.NOTHING || route.need() == Need.MODEL;
                int nobody = ask(route, admin, "");
                int wrong = ask(route, admin, "f".repeat(64));
                if (open) {
                    assertThat(List.of(nobody, wrong)).as(where).containsOnly(200);
                    continue;
                }
                assertThat(List.of(nobody, wrong)).as(where).containsOnly(UNAUTHENTICATED);
                boolean here = route.adminPort() == admin || (!route.adminPort() && route.need() != Need.INFER);
                for (TokenScope scope : TokenScope.values()) {
                    boolean enough =
                            route.need() == Need.TOKEN || route.need().name().equals(scope.name());
                    int status = ask(route, admin, Objects.requireNonNull(secrets.get(scope.word())));
                    if (enough && here) {
                        assertThat(status).as(where + " with " + scope).isNotIn(UNAUTHENTICATED, FORBIDDEN);
                    } else {
                        assertThat(status).as(where + " with " + scope).isEqualTo(FORBIDDEN);
                    }
                }
                if (route.path().contains("{model}")) {
                    assertThat(ask(route, admin, Objects.requireNonNull(secrets.get("other-model"))))
                            .as(where + " for another model")
                            .isEqualTo(FORBIDDEN);
                }
            }
        }
    }

    @Test
    void without_an_admin_port_what_changes_a_server_is_answered_where_only_this_machine_can_ask() throws Exception {
        String admin = Objects.requireNonNull(secrets.get("admin"));
        String infer = Objects.requireNonNull(secrets.get("infer"));
        for (String host : List.of("127.0.0.1", "0.0.0.0")) {
            ServerConfig config = new ServerConfig(host, 0, null, 10_000, 4, 1, 10, 1, 64).with(access);
            try (TestServer alone = new TestServer(config, Token.NONE)) {
                int port = alone.server.port();
                int expected = host.equals("127.0.0.1") ? 200 : FORBIDDEN;
                HttpResponse<String> answer =
                        send("POST", "/v2/repository/index", port, admin, "application/json", "{}");
                assertThat(answer.statusCode()).as(host + answer.body()).isEqualTo(expected);
                assertThat(send("POST", "/v2/repository/index", port, infer, "application/json", "{}")
                                .statusCode())
                        .isEqualTo(FORBIDDEN);
                assertThat(send("GET", "/v2", port, infer, "application/json", "")
                                .statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void a_token_for_a_model_does_not_learn_which_others_there_are() throws Exception {
        String secret = Objects.requireNonNull(secrets.get("other-model"));
        List<String> answers = new ArrayList<>();
        for (String model : List.of("light", "none")) {
            answers.add(send("GET", "/v2/models/" + model, server.server.port(), secret, "application/json", "")
                    .body());
        }
        assertThat(answers.get(0)).isEqualTo(answers.get(1)).contains("not for this model");
        assertThat(send("GET", "/v2/models/dark", server.server.port(), secret, "application/json", "")
                        .statusCode())
                .isEqualTo(404);
    }

    /** The status in HTTP, also where the protocol says it in a trailer. */
    private int ask(Rights.Declared route, boolean admin, String secret) {
        boolean grpc = !route.path().startsWith("/v2") && route.path().indexOf('/', 1) > 0;
        String path = route.path().replace("{model}", "light").replace("{version}", "1");
        int port = admin ? Objects.requireNonNull(server.server.adminPort()) : server.server.port();
        try {
            HttpResponse<String> answer = send(
                    route.method().name(),
                    path,
                    port,
                    secret,
                    grpc ? "application/grpc" : "application/json",
                    "\0\0\0\0\0");
            if (!grpc) {
                return answer.statusCode();
            }
            assertThat(answer.statusCode()).isEqualTo(200);
            return switch (answer.headers().firstValue("grpc-status").orElse("0")) {
                case "16" -> UNAUTHENTICATED;
                case "7" -> FORBIDDEN;
                default -> 200;
            };
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(route.toString(), e);
        }
    }

    private HttpResponse<String> send(String method, String path, int port, String secret, String type, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        java.net.URI.create(String.format(Locale.ROOT, "http://127.0.0.1:%d%s", port, path)))
                .header("Content-Type", type)
                .method(
                        method,
                        method.equals("GET")
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (type.equals("application/grpc")) {
            request.header("grpc-timeout", "1S"); // who watches health is answered without an end
        }
        if (!secret.isEmpty()) {
            request.header("Authorization", "Bearer " + secret);
        }
        return http2.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
