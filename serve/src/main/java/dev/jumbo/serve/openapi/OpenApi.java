package dev.jumbo.serve.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpStatus;
import dev.jumbo.serve.http.Responses;
import dev.jumbo.serve.http.Route;
import dev.jumbo.serve.wire.ServerInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The <a href="https://spec.openapis.org/oas/v3.1.0">OpenAPI 3.1</a> document of a server, at {@code GET /openapi.json}: made from the
 * routes as they are served, so that a route that is not in it is not there.
 */
public final class OpenApi {
    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");
    private static final String PATH = "/openapi.json";

    private OpenApi() {}

    /** The routes, and beside them the one of their document. */
    public static List<Route> with(List<Route> routes) {
        List<Route> all = new ArrayList<>(routes);
        byte[][] document = {new byte[0]};
        all.add(Route.get(
                PATH,
                "This document.",
                (ctx, request) -> Responses.json(HttpStatus.OK, document[0]),
                Route.Reply.ok(Route.Body.json("Any"))));
        document[0] = of(all).toString().getBytes(StandardCharsets.UTF_8);
        return List.copyOf(all);
    }

    private static ObjectNode of(List<Route> routes) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("openapi", "3.1.0");
        document.putObject("info")
                .put("title", "Jumbo model server")
                .put("version", ServerInfo.version())
                .put(
                        "description",
                        "The Open Inference Protocol V2 and its extensions over REST, and predict beside it.");
        ObjectNode paths = document.putObject("paths");
        for (Route route : routes) {
            ObjectNode path = paths.withObjectProperty(route.path());
            write(path.putObject(route.method().name().toLowerCase(Locale.ROOT)), route, route.method());
            if (route.method() == HttpMethod.GET) {
                write(path.putObject("head"), route, HttpMethod.HEAD);
            }
        }
        ObjectNode components = document.putObject("components");
        components.set("schemas", Schemas.all());
        components
                .putObject("securitySchemes")
                .putObject("token")
                .put("type", "http")
                .put("scheme", "bearer")
                .put("description", "Where the server has tokens.");
        ArrayNode security = document.putArray("security");
        security.addObject();
        security.addObject().putArray("token");
        return document;
    }

    private static void write(ObjectNode operation, Route route, HttpMethod method) {
        operation.put(
                "operationId",
                method.name().toLowerCase(Locale.ROOT) + route.path().replaceAll("\\W+", "_"));
        operation.put("summary", route.summary());
        Matcher parameter = PARAMETER.matcher(route.path());
        while (parameter.find()) {
            ObjectNode each = operation
                    .withArrayProperty("parameters")
                    .addObject()
                    .put("name", parameter.group(1))
                    .put("in", "path")
                    .put("required", true);
            each.putObject("schema").put("type", "string").put("pattern", "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$");
        }
        if (route.takes().stream().anyMatch(body -> body.type().equals("application/octet-stream"))) {
            ObjectNode header = operation
                    .withArrayProperty("parameters")
                    .addObject()
                    .put("name", "Inference-Header-Content-Length")
                    .put("in", "header")
                    .put("description", "How many bytes of the body are JSON, where binary data follows it.");
            header.putObject("schema").put("type", "integer").put("minimum", 0);
        }
        if (!route.takes().isEmpty()) {
            ObjectNode body = operation.putObject("requestBody").put("required", route.bodyNeeded());
            write(body.putObject("content"), route.takes());
        }
        ObjectNode responses = operation.putObject("responses");
        for (Route.Reply reply : route.replies()) {
            write(responses, reply, method);
        }
        write(responses, Route.Reply.error(401, "the token is missing or wrong, where the server has tokens"), method);
        write(responses, Route.Reply.error(403, "another origin, host or scope than is allowed"), method);
        write(responses, Route.Reply.error(429, "the caller's quota is used up; see Retry-After"), method);
        write(
                responses,
                Route.Reply.error(500, "an error of the server; the text has an id by which it finds its log"),
                method);
    }

    private static void write(ObjectNode responses, Route.Reply reply, HttpMethod method) {
        ObjectNode response =
                responses.putObject(Integer.toString(reply.status())).put("description", reply.summary());
        if (method != HttpMethod.HEAD && !reply.bodies().isEmpty()) {
            write(response.putObject("content"), reply.bodies());
        }
    }

    private static void write(ObjectNode content, List<Route.Body> bodies) {
        for (Route.Body body : bodies) {
            content.putObject(body.type()).putObject("schema").put("$ref", "#/components/schemas/" + body.schema());
        }
    }
}
