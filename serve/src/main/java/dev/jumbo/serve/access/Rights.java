package dev.jumbo.serve.access;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.serve.http.MethodNotAllowed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every route of the server and what it asks for: the one place that says so. A route that is not here asks for {@link TokenScope#ADMIN}, and
 * a test fails.
 */
public final class Rights {
    /** What a route asks of a caller on a server with tokens. */
    public enum Need {
        /** Nothing: orchestrators ask without secrets. */
        NOTHING,
        /** Nothing, unless a message names a model: then INFER, which who reads the message asks for ({@link Caller#requireToken}). */
        MODEL,
        /** Any token. */
        TOKEN,
        INFER,
        METRICS,
        ADMIN;

        boolean isMetBy(Set<TokenScope> scopes) {
            return switch (this) {
                case NOTHING, MODEL, TOKEN -> true;
                case INFER -> scopes.contains(TokenScope.INFER);
                case METRICS -> scopes.contains(TokenScope.METRICS);
                case ADMIN -> scopes.contains(TokenScope.ADMIN);
            };
        }

        /** The word for the scope. */
        String scope() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A route.
     *
     * @param path as {@code /v2/models/{model}}, or that of a gRPC method
     * @param adminPort whether it is answered on the admin port alone; where there is none, on the loopback address alone
     */
    public record Declared(HttpMethod method, String path, Need need, boolean adminPort) {}

    private static final List<Declared> ALL = declared();
    private static final Map<String, Declared> BY_PATTERN = byPattern();

    private Rights() {}

    /** All of them. A GET answers HEAD too. */
    public static List<Declared> all() {
        return ALL;
    }

    /** What is said of a route; null if it is not declared. */
    public static @Nullable Declared of(HttpMethod method, Route route) {
        HttpMethod asked = method == HttpMethod.HEAD ? HttpMethod.GET : method;
        return BY_PATTERN.get(asked + " " + withoutSlash(route.patternString()));
    }

    /** What a request asks for. A path that nobody answers asks for any token, or who has none could learn which paths there are. */
    static Declared of(ServiceRequestContext ctx) {
        Route route = ctx.config().route();
        Declared declared = of(ctx.method(), route);
        if (declared != null) {
            return declared;
        }
        boolean refuses = route.isFallback()
                || isCatchAll(route)
                || ctx.config().service().as(MethodNotAllowed.class) != null;
        Need need = refuses ? Need.TOKEN : Need.ADMIN;
        return new Declared(ctx.method(), route.patternString(), need, false);
    }

    /** A request's route as the table has it; {@code -} for a path or method that nobody answers. */
    public static String name(ServiceRequestContext ctx) {
        Declared declared = of(ctx.method(), ctx.config().route());
        return declared == null ? "-" : declared.path();
    }

    private static String withoutSlash(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static boolean isCatchAll(Route route) {
        return route.patternString().equals("/*") || route.patternString().equals("/**");
    }

    private static List<Declared> declared() {
        List<Declared> all = new ArrayList<>();
        get(all, "/v2/health/live", Need.NOTHING);
        get(all, "/v2/health/ready", Need.NOTHING);
        get(all, "/v2", Need.TOKEN);
        get(all, "/metrics", Need.METRICS);
        get(all, "/v2/models/stats", Need.METRICS);
        get(all, "/v2/models/{model}/stats", Need.METRICS);
        get(all, "/v2/models/{model}/versions/{version}/stats", Need.METRICS);
        get(all, "/openapi.json", Need.TOKEN);
        for (String model : List.of("/v2/models/{model}", "/v2/models/{model}/versions/{version}")) {
            get(all, model, Need.INFER);
            get(all, model + "/ready", Need.INFER);
            get(all, model + "/config", Need.INFER);
            post(all, model + "/infer", Need.INFER);
            post(all, model + "/predict", Need.INFER);
            post(all, model + "/explain", Need.INFER);
        }
        admin(all, "/v2/repository/index");
        for (String call : List.of("load", "unload", "canary", "promote", "rollback")) {
            admin(all, "/v2/repository/models/{model}/" + call);
        }
        String v2 = "/inference.GRPCInferenceService/";
        for (String open : List.of("ServerLive", "ServerReady")) {
            post(all, v2 + open, Need.NOTHING);
        }
        for (String open : List.of("Check", "Watch")) {
            post(all, "/grpc.health.v1.Health/" + open, Need.MODEL);
        }
        post(all, v2 + "ServerMetadata", Need.TOKEN);
        for (String version : List.of("v1", "v1alpha")) {
            post(all, "/grpc.reflection." + version + ".ServerReflection/ServerReflectionInfo", Need.TOKEN);
        }
        for (String model : List.of("ModelReady", "ModelMetadata", "ModelConfig", "ModelInfer", "ModelStreamInfer")) {
            post(all, v2 + model, Need.INFER);
        }
        post(all, v2 + "ModelStatistics", Need.METRICS);
        for (String admin : List.of("RepositoryIndex", "RepositoryModelLoad", "RepositoryModelUnload")) {
            all.add(new Declared(HttpMethod.POST, v2 + admin, Need.ADMIN, true));
        }
        return List.copyOf(all);
    }

    /** On the admin port alone. */
    private static void admin(List<Declared> all, String path) {
        all.add(new Declared(HttpMethod.POST, path, Need.ADMIN, true));
    }

    private static void get(List<Declared> all, String path, Need need) {
        all.add(new Declared(HttpMethod.GET, path, need, false));
    }

    private static void post(List<Declared> all, String path, Need need) {
        all.add(new Declared(HttpMethod.POST, path, need, false));
    }

    private static Map<String, Declared> byPattern() {
        Map<String, Declared> patterns = new HashMap<>();
        for (Declared declared : ALL) {
            String pattern = Route.builder().path(declared.path()).build().patternString();
            patterns.put(declared.method() + " " + pattern, declared);
        }
        return Map.copyOf(patterns);
    }
}
