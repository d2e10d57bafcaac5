package dev.jumbo.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.jumbo.serve.access.Token;
import dev.jumbo.serve.access.TokenScope;
import dev.jumbo.serve.access.TokensFile;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code grpc.health.v1}: of the server for everybody, of a model for who may ask it. */
class GrpcHealthTest extends GrpcCalls {
    @ParameterizedTest
    @ValueSource(strings = {"", "inference.GRPCInferenceService", "light"})
    void health_is_said_of_the_server_and_of_each_model(String service) {
        HealthCheckRequest request =
                HealthCheckRequest.newBuilder().setService(service).build();
        assertThat(client(HealthGrpc.HealthBlockingStub.class).check(request).getStatus())
                .isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void health_of_what_is_not_there_is_not_found_and_watching_it_says_unknown() throws InterruptedException {
        HealthCheckRequest request =
                HealthCheckRequest.newBuilder().setService("dark").build();
        assertRefused(
                () -> client(HealthGrpc.HealthBlockingStub.class).check(request), Status.Code.NOT_FOUND, "no such");
        Heard<HealthCheckResponse> heard = new Heard<>();
        client(HealthGrpc.HealthStub.class).watch(request, heard);
        assertThat(((HealthCheckResponse) heard.next()).getStatus()).isEqualTo(ServingStatus.SERVICE_UNKNOWN);
    }

    @Test
    void who_watches_is_told_when_the_server_stops_and_does_not_hold_it_up() throws InterruptedException {
        TestServer stopping = new TestServer(TestServer.small(1 << 20, 4, 2));
        Heard<HealthCheckResponse> heard = new Heard<>();
        client(HealthGrpc.HealthStub.class, stopping).watch(HealthCheckRequest.getDefaultInstance(), heard);
        assertThat(((HealthCheckResponse) heard.next()).getStatus()).isEqualTo(ServingStatus.SERVING);
        TimeUnit.MILLISECONDS.sleep(2500);
        assertThat(heard.all).as("a watch outlives the time of a request").isEmpty();
        long start = System.nanoTime();
        stopping.close();
        assertThat((System.nanoTime() - start) / 1e9).isLessThan(5);
        assertThat(((HealthCheckResponse) heard.next()).getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
        assertThat(heard.next()).isInstanceOf(StatusRuntimeException.class);
    }

    /** Whoever has no token learns nothing of which models there are, and probes get on without one. */
    @Test
    void health_of_a_model_asks_for_a_token_where_there_are_some_and_that_of_the_server_does_not()
            throws InterruptedException {
        String secret = "0123456789abcdef";
        try (TestServer closed = new TestServer(ServerConfig.local(0), Token.of(secret))) {
            HealthGrpc.HealthBlockingStub anonymous = client(HealthGrpc.HealthBlockingStub.class, closed);
            for (String server : new String[] {"", "inference.GRPCInferenceService"}) {
                assertThat(anonymous.check(health(server)).getStatus()).isEqualTo(ServingStatus.SERVING);
            }
            List<String> said = new ArrayList<>();
            for (String model : new String[] {"light", "dark", "grpc.health.v1.Health"}) {
                assertThatThrownBy(() -> anonymous.check(health(model)))
                        .isInstanceOfSatisfying(
                                StatusRuntimeException.class,
                                e -> said.add(e.getStatus().toString()));
                Heard<HealthCheckResponse> heard = new Heard<>();
                client(HealthGrpc.HealthStub.class, closed).watch(health(model), heard);
                said.add(((StatusRuntimeException) heard.next()).getStatus().toString());
            }
            assertThat(said).hasSize(6).allMatch(each -> each.contains("UNAUTHENTICATED") && each.equals(said.get(0)));
            HealthGrpc.HealthBlockingStub wrong = withToken(closed, secret + "0");
            assertThat(wrong.check(health("")).getStatus()).isEqualTo(ServingStatus.SERVING);
            assertRefused(() -> wrong.check(health("light")), Status.Code.UNAUTHENTICATED, "token");
            HealthGrpc.HealthBlockingStub right = withToken(closed, secret);
            assertThat(right.check(health("light")).getStatus()).isEqualTo(ServingStatus.SERVING);
            assertRefused(() -> right.check(health("dark")), Status.Code.NOT_FOUND, "no such");
        }
    }

    @Test
    void health_of_a_model_asks_for_a_token_that_is_good_for_it(@TempDir Path directory) throws IOException {
        String metrics = TokensFile.secret();
        String other = TokensFile.secret();
        Path tokens = Files.write(
                directory.resolve("tokens"),
                List.of(
                        TokensFile.line("scraper", Set.of(TokenScope.METRICS), List.of(), metrics),
                        TokensFile.line("other", Set.of(TokenScope.INFER), List.of("dark"), other)));
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
        try (TestServer closed = new TestServer(ServerConfig.local(0).with(TestServer.access(tokens)), Token.NONE)) {
            for (String secret : List.of(metrics, other)) {
                HealthGrpc.HealthBlockingStub stub = withToken(closed, secret);
                assertThat(stub.check(health("")).getStatus()).isEqualTo(ServingStatus.SERVING);
                assertRefused(() -> stub.check(health("light")), Status.Code.PERMISSION_DENIED, "token");
            }
        }
    }

    private HealthGrpc.HealthBlockingStub withToken(TestServer of, String secret) {
        return GrpcClients.builder("gproto+http://127.0.0.1:" + of.server.port())
                .factory(factory)
                .addHeader("authorization", "Bearer " + secret)
                .build(HealthGrpc.HealthBlockingStub.class);
    }
}
