package dev.jumbo.client;

import java.net.URI;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where a server is and how it is asked.
 *
 * @param base as in {@code https://models.example:8443/}
 * @param token sent as {@code Authorization: Bearer}; null for none
 * @param tls what certificates are trusted and shown; null for those of the JDK
 * @param timeout for one request, connecting and trying again included
 * @param retries how often a request is sent again after 429 or 503, after as long as {@code Retry-After} says, within the timeout
 */
public record Connection(
        URI base, @Nullable String token, @Nullable SSLContext tls, Duration timeout, int retries) {
    public Connection {
        if (!"http".equals(base.getScheme()) && !"https".equals(base.getScheme())) {
            throw new IllegalArgumentException("expected a base of http:// or https://, received " + base);
        }
        if (timeout.isNegative() || timeout.isZero() || retries < 0) {
            throw new IllegalArgumentException("expected a timeout of more than 0 and 0 or more retries");
        }
    }

    /** Without a token, for 30 s and 3 retries. */
    public static Connection to(URI base) {
        return new Connection(base, null, null, Duration.ofSeconds(30), 3);
    }

    public Connection withToken(String secret) {
        return new Connection(base, secret, tls, timeout, retries);
    }

    public Connection withTls(SSLContext context) {
        return new Connection(base, token, context, timeout, retries);
    }

    public Connection withTimeout(Duration most) {
        return new Connection(base, token, tls, most, retries);
    }

    public Connection withRetries(int most) {
        return new Connection(base, token, tls, timeout, most);
    }

    /** Never the token. */
    @Override
    public String toString() {
        return "Connection[" + base + (token == null ? "" : ", with a token") + "]";
    }
}
