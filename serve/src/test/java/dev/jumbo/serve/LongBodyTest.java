package dev.jumbo.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Bodies that are longer than a server takes: whoever sends one hears so, also where it still sends when it is refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LongBodyTest {
    private TestServer server;

    @BeforeAll
    void start() {
        server = new TestServer(TestServer.small(1 << 20, 4, 1));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void answers_413_for_a_body_of_2_mb_against_a_limit_of_1_mib() {
        server.assertError(
                server.post("/v2/models/light/infer", "application/json", new byte[2_000_000]), 413, "at most 1048576");
        server.assertError(server.post("/v2/models/light/predict", "image/png", new byte[2_000_000]), 413, "at most");
    }

    @Test
    void who_goes_on_sending_a_body_that_is_refused_can_read_why() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (Socket socket = new Socket("127.0.0.1", server.server.port())) {
                socket.setSoTimeout(10_000);
                OutputStream out = socket.getOutputStream();
                out.write(
                        ("POST /v2/models/light/infer HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000000\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                for (int part = 0; part < 40; part++) {
                    out.write(new byte[64 << 10]);
                    Thread.sleep(1); // behind the answer too
                }
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answer).startsWith("HTTP/1.1 413").contains("at most 1048576");
            }
        }
    }

    @Test
    void answers_413_for_a_chunked_body_that_does_not_say_its_length() throws IOException {
        String chunk = "10000\r\n" + "x".repeat(65_536) + "\r\n";
        String answer = server.raw("POST /v2/models/light/infer HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(17) + "0\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 413");
        server.assertHealthy();
    }
}
