package dev.jumbo.serve.access.tls;

import com.linecorp.armeria.common.TlsKeyPair;
import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the files of a {@link TlsConfig} hold, read and checked against each other. Never printed. */
record Certificates(TlsKeyPair own, List<X509Certificate> clientRoots) {
    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
    private static final Duration SOON = Duration.ofDays(14);
    private static final long MAX_BYTES = 1 << 20;
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    /** @throws InputException with the key and the file at the first thing that is wrong */
    static Certificates read(TlsConfig config) {
        List<X509Certificate> chain = chain("serve.tls.certificate", config.certificate());
        X509Certificate leaf = chain.get(0);
        requireValid("serve.tls.certificate", config.certificate(), leaf);
        if (Instant.now().plus(SOON).isAfter(leaf.getNotAfter().toInstant())) {
            LOG.warn(
                    "the certificate in {} ends at {}",
                    config.certificate(),
                    leaf.getNotAfter().toInstant());
        }
        PrivateKey key = key(config.key(), leaf.getPublicKey().getAlgorithm());
        if (!belongs(key, leaf.getPublicKey())) {
            throw new InputException("serve.tls.key: expected the private key of the certificate in "
                    + config.certificate() + ", received another in " + config.key());
        }
        String ca = config.clientCa();
        List<X509Certificate> roots = ca == null ? List.of() : chain("serve.tls.client_ca", ca);
        roots.forEach(root -> requireValid("serve.tls.client_ca", String.valueOf(ca), root));
        return new Certificates(TlsKeyPair.of(key, chain), roots);
    }

    private static List<X509Certificate> chain(String setting, String file) {
        String text = text(setting, file);
        if (!text.contains("-----BEGIN CERTIFICATE-----")) {
            throw new InputException(
                    setting + ": expected certificates in PEM (BEGIN CERTIFICATE) in " + file + ", received none");
        }
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            return factory
                    .generateCertificates(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            throw new InputException(
                    setting + ": expected certificates in PEM in " + file + ", received damaged ones", e);
        }
    }

    private static void requireValid(String setting, String file, X509Certificate certificate) {
        Instant now = Instant.now();
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        if (now.isBefore(from) || now.isAfter(until)) {
            throw new InputException(setting + ": expected a certificate that is valid now, received one from " + from
                    + " to " + until + " in " + file + "; renew it, and check this machine's clock");
        }
    }

    private static PrivateKey key(String file, String algorithm) {
        String text = text("serve.tls.key", file);
        warnIfReadable(file);
        if (text.contains("ENCRYPTED")) {
            throw new InputException("serve.tls.key: expected a key without a password in " + file
                    + ", received one with; take it off with: openssl pkey -in " + file + " -out plain.key");
        }
        Matcher pem = KEY.matcher(text);
        if (!pem.find()) {
            boolean older = text.contains("PRIVATE KEY-----");
            throw new InputException(
                    "serve.tls.key: expected a key in PKCS#8 (BEGIN PRIVATE KEY) in " + file + ", received "
                            + (older
                                    ? "an older form; convert it with: openssl pkey -in " + file + " -out pkcs8.key"
                                    : "none"));
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(pem.group(1));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Its text might hold parts of the key: it is not passed on.
            throw new InputException("serve.tls.key: expected a private key for " + algorithm
                    + ", as the certificate has it, in " + file + ", received one that is damaged or of another kind");
        }
    }

    /** Whether what the one signs the other confirms. */
    private static boolean belongs(PrivateKey key, PublicKey certified) {
        String algorithm = switch (certified.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> certified.getAlgorithm();
        };
        try {
            byte[] text = "jumbo".getBytes(StandardCharsets.US_ASCII);
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String text(String setting, String file) {
        try {
            Path path = Path.of(file);
            if (Files.size(path) > MAX_BYTES) {
                throw new InputException(setting + ": expected a PEM file of at most " + MAX_BYTES + " bytes: " + file);
            }
            return Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new InputException(setting + ": can't read " + file + ": " + IoProblem.of(e), e);
        }
    }

    private static void warnIfReadable(String file) {
        try {
            String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(file)));
            if (!permissions.endsWith("---")) {
                LOG.warn("others on this machine may use the private key in {} ({}): chmod 600 it", file, permissions);
            }
        } catch (UnsupportedOperationException | IOException e) {
            LOG.debug("no permissions of {}", file, e);
        }
    }

    @Override
    public String toString() {
        return "Certificates[hidden]";
    }
}
