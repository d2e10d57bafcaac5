package dev.jumbo.serve.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.serve.fuzz.AnyBytes;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Headers by which a request says for whom, from where and from whom it is. */
class HeadersFuzzTest {
    private static final Sites LOCAL = new Sites(AccessConfig.DEFAULT, true);
    private static final Sites BEHIND = new Sites(
            new AccessConfig(
                    null,
                    List.of("models.example.com"),
                    List.of("https://console.example.com"),
                    List.of("10.0.0.0/8"),
                    100,
                    Allowance.NONE),
            false);
    private static final Set<String> OWN = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Tokens TOKENS = new Tokens(List.of(new Tokens.Entry(
            Tokens.hash("0123456789abcdef"), new Caller("shop", Set.of(TokenScope.INFER), null, Allowance.NONE))));

    /** Each line is a header; the first one the query, or {@code -}. */
    @Fuzzed
    void sites(byte[] data) {
        RequestHeaders headers = headers(AnyBytes.rest(data));
        String line = AnyBytes.firstLine(data);
        @Nullable String query = line.equals("-") ? null : line;
        if (headers == null) {
            return;
        }
        Boolean local = AnyBytes.read(data, () -> {
            LOCAL.check(headers, query, false, false);
            return true;
        });
        if (local != null) {
            List<String> hosts = headers.getAll("host");
            List<String> authorities = headers.getAll(":authority");
            String named = (hosts.isEmpty() ? authorities : hosts).get(0).toLowerCase(Locale.ROOT);
            assertThat(named.replaceFirst(":[0-9]*$", "")).isIn(OWN);
            for (String origin : headers.getAll("origin")) {
                assertThat(host(origin)).isIn(OWN);
            }
        }
        AnyBytes.read(data, () -> {
            BEHIND.check(headers, query, true, true);
            return true;
        });
    }

    private static @Nullable String host(String origin) {
        try {
            return new URI(origin.toLowerCase(Locale.ROOT)).getHost();
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** A request's target in absolute form. */
    @Fuzzed
    void target(byte[] data) {
        String uri = new String(data, StandardCharsets.ISO_8859_1);
        String path = AnyBytes.read(data, () -> Sites.path(uri));
        assertThat(path)
                .satisfiesAnyOf(
                        p -> assertThat(p).isEqualTo("*"), p -> assertThat(p).startsWith("/"));
    }

    @Fuzzed
    void authorization(byte[] data) {
        String header = new String(data, StandardCharsets.ISO_8859_1);
        Caller caller = TOKENS.identify(header);
        if (caller != null) {
            assertThat(header.strip()).containsIgnoringCase("bearer").endsWith("0123456789abcdef");
        }
    }

    /** What a file says of hosts, origins and proxies, a line each. */
    @Fuzzed
    void settings(byte[] data) {
        List<String> lines =
                new String(data, StandardCharsets.UTF_8).lines().limit(20).toList();
        for (int kind = 0; kind < 3; kind++) {
            int which = kind;
            AccessConfig read = AnyBytes.read(
                    data,
                    () -> new AccessConfig(
                            null,
                            which == 0 ? lines : List.of(),
                            which == 1 ? lines : List.of(),
                            which == 2 ? lines : List.of(),
                            100,
                            Allowance.NONE));
            if (read != null) {
                new Sites(read, true);
            }
        }
    }

    private static @Nullable RequestHeaders headers(byte[] data) {
        RequestHeadersBuilder headers = RequestHeaders.builder(HttpMethod.GET, "/v2");
        int left = 100;
        for (String line : new String(data, StandardCharsets.ISO_8859_1).split("\n")) {
            int colon = line.indexOf(':', 1);
            if (colon < 1 || left-- == 0) {
                continue;
            }
            if (!StandardCharsets.US_ASCII.newEncoder().canEncode(line.substring(0, colon))) {
                return null; // no header either: whoever decodes HTTP ends the connection
            }
            try {
                headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                return null; // no header: refused before anything of ours sees it
            }
        }
        return headers.build();
    }
}
