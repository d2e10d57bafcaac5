package dev.jumbo.serve.http;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.server.ServerBuilder;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Routes as they are served: each with a slash at its end too, HEAD beside GET, and 405 with {@code Allow} for any other method. */
public final class RouteTable {
    /** What some path of the server allows, where it is not known which path was meant. */
    static final String ANY = "GET, HEAD, OPTIONS, POST";

    private static final Set<HttpMethod> METHODS =
            EnumSet.complementOf(EnumSet.of(HttpMethod.UNKNOWN, HttpMethod.CONNECT));

    private RouteTable() {}

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
                server.route().methods(others).path(either).build(new MethodNotAllowed(methods));
            }
        });
    }

    private static List<String> both(String path) {
        return path.endsWith("/") ? List.of(path) : List.of(path, path + "/");
    }
}
