package dev.jumbo.serve.access.tls;

import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.TlsProvider;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerTlsConfig;
import dev.jumbo.error.InputException;
import io.netty.handler.ssl.ClientAuth;
import java.security.cert.X509Certificate;
import java.util.List;

/** TLS of a server, whose certificates may change while it runs: new connections get the new ones, open ones stay. */
public final class Tls implements TlsProvider {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final TlsConfig config;
    private volatile Certificates certificates;

    /** @throws InputException if a file can't be read, or what is in it is expired, encrypted or of another certificate */
    public Tls(TlsConfig config) {
        this.config = config;
        certificates = Certificates.read(config);
    }

    /** Sets up encryption for all ports of a server that ask for it. HTTP/2 or 1.1 is agreed on by ALPN. */
    public void on(ServerBuilder server) {
        server.tlsProvider(
                this,
                ServerTlsConfig.builder()
                        .clientAuth(config.clientCa() == null ? ClientAuth.NONE : ClientAuth.REQUIRE)
                        .tlsCustomizer(context -> context.protocols(PROTOCOLS))
                        .build());
    }

    /**
     * Reads the files again.
     *
     * @return puts what was read in place
     * @throws InputException as the constructor
     */
    public Runnable read() {
        Certificates read = Certificates.read(config);
        return () -> certificates = read;
    }

    /** Until when the server's certificate is valid, in words. */
    public String validity() {
        return certificates
                .own()
                .certificateChain()
                .get(0)
                .getNotAfter()
                .toInstant()
                .toString();
    }

    @Override
    public TlsKeyPair keyPair(String hostname) {
        return certificates.own();
    }

    @Override
    public List<X509Certificate> trustedCertificates(String hostname) {
        return certificates.clientRoots();
    }
}
