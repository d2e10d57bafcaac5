package dev.jumbo.serve.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Routes as they are served: each with a slash at its end too, HEAD beside GET, and 405 with {@code Allow} for any other method. */
public final class Routes {
    /** What some path of the server allows, where it is not known which path was meant. */
    static final String ANY = "GET, HEAD, OPTIONS, POST";

    private static final Set<HttpMethod> METHODS =
            EnumSet.complementOf(EnumSet.of(HttpMethod.UNKNOWN, HttpMethod.CONNECT));

    private Routes() {}

    /** Adds them to a server. */
    public static void bind(ServerBuilder server, List<Route> routes) {
        Map<String, Set<HttpMethod>> allowed = new LinkedHashMap<>();
        for (Route route : routes) {
            Set<HttpMethod> methods = route.method() == HttpMethod.GET
                    ? EnumSet.of(HttpMethod.GET, HttpMethod.HEAD)
                    : EnumSet.of(route.method());
            allowed.computeIfAbsent(route.path(), path -> EnumSet.noneOf(HttpMethod.class))
                    .addAll(methods);
            for (String path : both(route.path())) {
                server.route()
                        .methods(methods)
                        .path(path)
                        .maxRequestLength(route.maxBodyBytes())
                        .build(route.service());
            }
        }
        allowed.forEach((path, methods) -> {
            Set<HttpMethod> others = EnumSet.copyOf(METHODS);
            others.removeAll(methods);
            for (String either : both(path)) {
                server.route().methods(others).path(either).build(refusing(methods));
            }
        });
    }

    private static List<String> both(String path) {
        return path.endsWith("/") ? List.of(path) : List.of(path, path + "/");
    }

    private static HttpService refusing(Set<HttpMethod> allowed) {
        Set<HttpMethod> named = EnumSet.copyOf(allowed);
        named.add(HttpMethod.OPTIONS);
        String allow = named.stream().map(HttpMethod::name).sorted().collect(Collectors.joining(", "));
        return (ctx, request) -> {
            boolean asks = request.method() == HttpMethod.OPTIONS;
            HttpResponse answer = asks
                    ? HttpResponse.of(ResponseHeaders.of(HttpStatus.NO_CONTENT, HttpHeaderNames.ALLOW, allow))
                    : Responses.error(
                            HttpStatus.METHOD_NOT_ALLOWED,
                            "method not allowed: expected one of " + allow + ", received " + request.method());
            return asks
                    ? answer
                    : answer.mapHeaders(headers -> headers.withMutations(h -> h.set(HttpHeaderNames.ALLOW, allow)));
        };
    }
}
