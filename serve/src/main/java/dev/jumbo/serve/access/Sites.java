package dev.jumbo.serve.access;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.RequestHeaders;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.http.HttpException;
import dev.jumbo.serve.http.LiteralPaths;
import io.netty.util.AsciiString;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Under which names the server is asked, and from pages of which origins. On the loopback address only names of this machine and
 * the configured ones are answered, or a page in the operator's browser could reach the server under a name that it lets point here (DNS
 * rebinding). A request that a browser sends for another origin is refused anywhere.
 */
final class Sites {
    /** What the server library puts in where a request names no host. */
    static final String MISSING = "no-host.invalid";

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String TARGET = "absolute-form-authority";
    private static final AsciiString FORWARDED_HOST = HttpHeaderNames.of("x-forwarded-host");
    private static final AsciiString FORWARDED_PROTO = HttpHeaderNames.of("x-forwarded-proto");

    private final Set<String> hosts = new HashSet<>();
    private final Set<String> origins = new HashSet<>();
    private final boolean anyHost;

    Sites(AccessConfig config, boolean loopback) {
        anyHost = !loopback && config.hosts().isEmpty();
        if (loopback) {
            hosts.addAll(LOOPBACK);
        }
        config.hosts().forEach(host -> hosts.add(name(host)));
        config.origins().forEach(origin -> origins.add(withoutDefaultPort(origin.toLowerCase(Locale.ROOT))));
    }

    /** @throws InputException if one can't be what it should be */
    static void check(List<String> hosts, List<String> origins) {
        for (String host : hosts) {
            if (!host.matches("[A-Za-z0-9._-]+(:\\d+)?|\\[[0-9a-fA-F:.]+](:\\d+)?")) {
                throw new InputException(
                        "serve.access.hosts: expected a name such as models.example.com, received \"" + host + "\"");
            }
        }
        for (String origin : origins) {
            if (!origin.matches("https?://[^/?#@\\s*]+")) {
                throw new InputException("serve.access.origins: expected an origin such as https://console.example.com,"
                        + " without a path, received \"" + origin + "\"");
            }
        }
    }

    /**
     * The target of a request that is written in full, as to a proxy ({@code GET http://HOST/v2}): the path, with the host kept for
     * {@code check}, since a request must not name two hosts.
     */
    static String path(String uri) {
        try {
            URI parsed = new URI(uri);
            boolean web = "http".equalsIgnoreCase(parsed.getScheme()) || "https".equalsIgnoreCase(parsed.getScheme());
            if (!web || parsed.getRawAuthority() == null || parsed.getRawUserInfo() != null) {
                return "*"; // answered by 400
            }
            String path = parsed.getRawPath().isEmpty() ? "/" : LiteralPaths.literal(parsed.getRawPath());
            String query = parsed.getRawQuery() == null ? "" : parsed.getRawQuery() + "&";
            return path + "?" + query
                    + QueryParams.of(TARGET, parsed.getRawAuthority()).toQueryString();
        } catch (URISyntaxException e) {
            return "*";
        }
    }

    /**
     * Checks for whom and from where a request is.
     *
     * @param query of the path, or null
     * @param trusted whether it comes from a proxy that is believed
     * @throws HttpException 400 or 403
     */
    void check(RequestHeaders headers, @Nullable String query, boolean encrypted, boolean trusted) {
        String authority = authority(headers, query);
        String scheme = encrypted ? "https" : "http";
        if (trusted) {
            authority = headers.get(FORWARDED_HOST, authority);
            scheme = headers.get(FORWARDED_PROTO, scheme);
        }
        if (!anyHost && !hosts.contains(name(authority))) {
            throw new HttpException(
                    HttpStatus.FORBIDDEN,
                    "expected a Host of " + hosts.stream().sorted().toList()
                            + "; others are named by serve.access.hosts");
        }
        List<String> origin = headers.getAll(HttpHeaderNames.ORIGIN);
        if (!origin.isEmpty() && !mayAsk(origin, scheme + "://" + authority)) {
            throw new HttpException(
                    HttpStatus.FORBIDDEN,
                    "requests from other origins are not answered; behind a proxy, name"
                            + " it in serve.access.forwarded, or the origin in serve.access.origins");
        }
    }

    private boolean mayAsk(List<String> origin, String own) {
        if (origin.size() != 1) {
            return false;
        }
        String asked = withoutDefaultPort(origin.get(0).toLowerCase(Locale.ROOT));
        return asked.equals(withoutDefaultPort(own.toLowerCase(Locale.ROOT))) || origins.contains(asked);
    }

    /** The one host that a request names. */
    private static String authority(RequestHeaders headers, @Nullable String query) {
        Set<String> named = new HashSet<>();
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        List<String> authorities = headers.getAll(HttpHeaderNames.AUTHORITY);
        hosts.forEach(host -> named.add(host.toLowerCase(Locale.ROOT)));
        authorities.forEach(host -> named.add(host.toLowerCase(Locale.ROOT)));
        boolean missing = named.stream().anyMatch(host -> host.startsWith(MISSING));
        boolean another = false;
        if (query != null && query.contains(TARGET)) {
            // RFC 9112, 3.2.2: the target's port counts, whatever Host says; another name is asked of another server.
            // Host stays what origins are compared with: a page can write the parameter into a path, but not Host.
            another = QueryParams.fromQueryString(query).getAll(TARGET).stream()
                    .anyMatch(target ->
                            named.stream().noneMatch(host -> name(host).equals(name(target))));
        }
        if (missing || named.isEmpty() || named.contains("")) {
            throw new HttpException(HttpStatus.BAD_REQUEST, "expected the header Host, received none");
        }
        if (hosts.size() > 1 || authorities.size() > 1 || named.size() > 1 || another) {
            throw new HttpException(
                    HttpStatus.BAD_REQUEST,
                    "expected one host, received several: in Host headers, or in the"
                            + " target of the request and in Host");
        }
        return named.iterator().next();
    }

    /** An authority's name, without its port. */
    private static String name(String authority) {
        return authority.toLowerCase(Locale.ROOT).replaceFirst(":\\d*$", "");
    }

    private static String withoutDefaultPort(String origin) {
        String port = origin.startsWith("https:") ? ":443" : ":80";
        return origin.endsWith(port) ? origin.substring(0, origin.length() - port.length()) : origin;
    }
}
