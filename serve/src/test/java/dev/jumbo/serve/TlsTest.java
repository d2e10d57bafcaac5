package dev.jumbo.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import dev.jumbo.serve.access.Token;
import dev.jumbo.serve.access.tls.TlsConfig;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted connections, with the JDK as the client. */
@Timeout(60)
class TlsTest {
    @TempDir
    static Path directory;

    private static TestCertificate first;
    private static TestCertificate second;

    @BeforeAll
    static void certificates() throws IOException {
        first = TestCertificate.make(directory, "first", "-validity", "30");
        second = TestCertificate.make(directory, "second", "-validity", "30");
    }

    @Test
    void http_1_and_2_are_answered_over_tls_1_2_and_1_3_and_nothing_in_clear_text() throws Exception {
        try (TestServer server = server(new TlsConfig(path(first.certificate()), path(first.key()), null))) {
            assertThat(server.server.uri().toString()).startsWith("https://");
            for (HttpClient.Version version : HttpClient.Version.values()) {
                HttpResponse<String> answer = get(server, first.trusting(), version);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.version()).isEqualTo(version);
            }
            for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
                try (SSLSocket socket = (SSLSocket)
                        first.trusting().getSocketFactory().createSocket("127.0.0.1", server.server.port())) {
                    socket.setEnabledProtocols(new String[] {protocol});
                    socket.startHandshake();
                    assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
                }
            }
            try (Socket socket = new Socket("127.0.0.1", server.server.port())) {
                socket.setSoTimeout(5000);
                socket.getOutputStream()
                        .write("GET /v2 HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                        .doesNotContain("HTTP/1.1 200", "jumbo");
            }
            // What signs itself is not what this client trusts.
            assertThatThrownBy(() -> get(server, second.trusting(), HttpClient.Version.HTTP_2))
                    .isInstanceOf(SSLException.class);
            assertThat(get(server, first.trusting(), HttpClient.Version.HTTP_2).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void with_client_certificates_only_those_who_have_one_are_answered() throws Exception {
        try (TestServer server =
                server(new TlsConfig(path(first.certificate()), path(first.key()), path(second.certificate())))) {
            for (HttpClient.Version version : HttpClient.Version.values()) {
                assertThat(get(server, first.trusting(second), version).statusCode())
                        .isEqualTo(200);
            }
            assertThat(isAnswered(server, first.trusting(second))).isTrue();
            assertThat(isAnswered(server, first.trusting())).isFalse();
            assertThat(isAnswered(server, first.trusting(first))).isFalse();
        }
    }

    @Test
    void certificates_are_read_again_and_bad_ones_change_nothing() throws Exception {
        Path certificate = directory.resolve("live.crt");
        Path key = directory.resolve("live.key");
        Path clients = directory.resolve("clients.crt");
        copy(first, certificate, key);
        Files.copy(second.certificate(), clients);
        try (TestServer server = server(new TlsConfig(path(certificate), path(key), path(clients)))) {
            assertThat(shown(server, first.trusting(second))).contains("CN=first");
            Files.writeString(certificate, "nothing");
            assertThatThrownBy(server.server::reload)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("serve.tls.certificate: expected certificates in PEM");
            assertThat(shown(server, first.trusting(second))).contains("CN=first");
            copy(second, certificate, key);
            assertThat(server.server.reload()).contains("a certificate that is valid until");
            assertThat(shown(server, second.trusting(second))).contains("CN=second");
            assertThat(get(server, second.trusting(second), HttpClient.Version.HTTP_2)
                            .statusCode())
                    .isEqualTo(200);
            Files.copy(first.certificate(), clients, StandardCopyOption.REPLACE_EXISTING);
            server.server.reload();
            assertThat(get(server, second.trusting(first), HttpClient.Version.HTTP_2)
                            .statusCode())
                    .as("whose clients are answered changes without the server's own certificate")
                    .isEqualTo(200);
            assertThat(isAnswered(server, second.trusting(second))).isFalse();
        }
    }

    @Test
    void what_is_wrong_with_the_files_is_told_at_the_start() throws Exception {
        TestCertificate expired = TestCertificate.make(directory, "expired", "-startdate", "-30d", "-validity", "1");
        refuses(path(expired.certificate()), path(expired.key()), null, "expected a certificate that is valid now");
        refuses(path(first.certificate()), path(second.key()), null, "expected the private key of the certificate");
        refuses(path(first.certificate()), path(first.certificate()), null, "expected a key in PKCS#8");
        refuses(path(first.key()), path(first.key()), null, "expected certificates in PEM");
        refuses("/no/such/file", path(first.key()), null, "serve.tls.certificate: can't read");
        refuses(path(first.certificate()), path(directory), null, "serve.tls.key: can't read");
        refuses(path(first.certificate()), path(first.key()), path(expired.certificate()), "serve.tls.client_ca");
        Path encrypted = Files.writeString(
                directory.resolve("encrypted.key"),
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
        refuses(path(first.certificate()), path(encrypted), null, "without a password");
        Path older = Files.writeString(
                directory.resolve("older.key"), "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n");
        refuses(path(first.certificate()), path(older), null, "openssl pkey");
        Path damaged = directory.resolve("damaged.key");
        TestCertificate.pem(damaged, "PRIVATE KEY", new byte[40]);
        refuses(path(first.certificate()), path(damaged), null, "damaged or of another kind");
    }

    private static void refuses(String certificate, String key, @Nullable String clientCa, String reason) {
        TlsConfig tls = new TlsConfig(certificate, key, clientCa);
        assertThatThrownBy(() -> server(tls))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(reason)
                .hasMessageNotContaining("AAAA");
    }

    private static TestServer server(TlsConfig tls) {
        return new TestServer(ServerConfig.local(0).with(tls), Token.NONE);
    }

    private static String shown(TestServer server, SSLContext client) throws Exception {
        try (SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket("127.0.0.1", server.server.port())) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .toString();
        }
    }

    /**
     * Whether a request is answered, or the connection ended by the server. Of TLS 1.3 a client is through with the handshake before the
     * server has seen its certificate, and the JDK's HttpClient may then wait for good.
     */
    private static boolean isAnswered(TestServer server, SSLContext client) throws Exception {
        try (SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket("127.0.0.1", server.server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write("GET /v2 HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("expected an answer, or the end of the connection", e);
        } catch (IOException e) {
            return false;
        }
    }

    private static HttpResponse<String> get(TestServer server, SSLContext client, HttpClient.Version version)
            throws Exception {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(client)
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + server.server.port() + "/v2"))
                                .header("Origin", "https://localhost:" + server.server.port())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static void copy(TestCertificate from, Path certificate, Path key) throws IOException {
        Files.copy(from.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(from.key(), key, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String path(Path file) {
        return file.toString();
    }
}
