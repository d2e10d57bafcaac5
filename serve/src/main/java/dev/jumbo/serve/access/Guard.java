package dev.jumbo.serve.access;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.serve.http.Responses;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands before every route. On the loopback address only names of this machine are answered, or a page in the
 * operator's browser could reach the server under a name that it lets point here (DNS rebinding). A request that a
 * browser sends for another origin is refused anywhere. With a token all routes but the two health routes, which
 * orchestrators call without secrets, ask for it.
 */
public final class Guard implements DecoratingHttpServiceFunction {
    static final Set<String> OPEN = Set.of("/v2/health/live", "/v2/health/ready");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Token token;
    private final boolean loopback;

    public Guard(Token token, boolean loopback) {
        this.token = token;
        this.loopback = loopback;
    }

    @Override
    public HttpResponse serve(HttpService next, ServiceRequestContext ctx, HttpRequest request) throws Exception {
        String authority = request.authority();
        if (authority == null ? loopback : !answersTo(authority)) {
            return Responses.error(
                    HttpStatus.FORBIDDEN,
                    "expected a Host of " + LOOPBACK.stream().sorted().toList());
        }
        String origin = request.headers().get(HttpHeaderNames.ORIGIN);
        if (origin != null && !isSame(origin, authority)) {
            return Responses.error(HttpStatus.FORBIDDEN, "requests from other origins are not answered");
        }
        if (!OPEN.contains(ctx.path()) && !token.accepts(request.headers().get(HttpHeaderNames.AUTHORIZATION))) {
            return Responses.error(HttpStatus.UNAUTHORIZED, "expected the header Authorization: Bearer TOKEN");
        }
        return next.serve(ctx, request);
    }

    /** Whether requests under a name, {@code host} or {@code host:port}, are answered. */
    public boolean answersTo(String authority) {
        return !loopback || LOOPBACK.contains(host(authority));
    }

    /** The authority without its port. */
    private static String host(String authority) {
        return authority.toLowerCase(Locale.ROOT).replaceFirst(":\\d*$", "");
    }

    private static boolean isSame(String origin, @Nullable String authority) {
        return authority != null && origin.equalsIgnoreCase("http://" + authority);
    }
}
