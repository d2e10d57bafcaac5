package dev.jumbo.serve.access.tls;

import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.serve.fuzz.AnyBytes;
import dev.jumbo.serve.fuzz.OneFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** Certificates and keys in PEM: each of the three files is damaged while the others are good. */
class CertificatesFuzzTest {
    private static final OneFile ANY = new OneFile("any.pem");
    private static final OneFile CERTIFICATE = kept("certificate.pem");
    private static final OneFile KEY = kept("key.pem");

    private static OneFile kept(String name) {
        OneFile file = new OneFile(name);
        try (InputStream in = CertificatesFuzzTest.class.getResourceAsStream("/fuzz-tls/" + name)) {
            file.write(Objects.requireNonNull(in, name).readAllBytes());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return file;
    }

    @Fuzzed
    void certificate(byte[] data) {
        ANY.write(data);
        read(data, ANY, KEY, null);
    }

    @Fuzzed
    void key(byte[] data) {
        ANY.write(data);
        read(data, CERTIFICATE, ANY, null);
    }

    @Fuzzed
    void roots(byte[] data) {
        ANY.write(data);
        read(data, CERTIFICATE, KEY, ANY);
    }

    private static void read(
            byte[] data, OneFile certificate, OneFile key, @org.jspecify.annotations.Nullable OneFile roots) {
        TlsConfig config = new TlsConfig(certificate.name(), key.name(), roots == null ? null : roots.name());
        AnyBytes.read(data, () -> Certificates.read(config));
    }
}
