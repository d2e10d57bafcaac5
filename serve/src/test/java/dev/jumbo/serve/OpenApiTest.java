package dev.jumbo.serve;

import static dev.jumbo.serve.TestServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.server.Route;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The document says what is there: every route is in it, and answers as it says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {
    private TestServer server;
    private JsonNode document;

    @BeforeAll
    void start() {
        server = new TestServer();
        document = json(server.get("/openapi.json"));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void every_route_of_the_server_is_in_the_document_and_no_other() {
        Set<String> served = new TreeSet<>();
        for (Route route : server.server.routes()) {
            String path = route.patternString();
            if (path.contains(".") && !path.endsWith(".json")) {
                continue; // gRPC, which reflection describes
            }
            String bare = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
            route.methods().forEach(method -> served.add(method + " " + bare.replaceAll("/:(\\w+)", "/{$1}")));
        }
        Set<String> described = new TreeSet<>();
        document.path("paths")
                .fields()
                .forEachRemaining(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(
                                method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        assertThat(described).isEqualTo(served);
    }

    @Test
    void every_route_answers_with_a_status_a_type_and_keys_that_the_document_has() {
        document.path("paths")
                .fields()
                .forEachRemaining(path -> path.getValue().fields().forEachRemaining(each -> {
                    String method = each.getKey();
                    String where = path.getKey().replace("{model}", "light").replace("{version}", "1");
                    List<String> bodies = method.equals("post")
                            ? List.of(TestServer.INFER, "[0,0,0,102]", "{", "{}", "")
                            : List.of("");
                    for (String body : bodies) {
                        HttpResponse<byte[]> answer = server.send(HttpRequest.newBuilder(server.uri(where))
                                .header("Content-Type", "application/json")
                                .method(
                                        method.toUpperCase(Locale.ROOT),
                                        body.isEmpty()
                                                ? HttpRequest.BodyPublishers.noBody()
                                                : HttpRequest.BodyPublishers.ofString(body))
                                .build());
                        JsonNode reply = each.getValue().path("responses").path("" + answer.statusCode());
                        assertThat(reply.isMissingNode())
                                .as("%s %s with %s: %s is in the document", method, where, body, answer.statusCode())
                                .isFalse();
                        JsonNode content =
                                reply.path("content").path("application/json").path("schema");
                        if (!content.isMissingNode()) {
                            assertFits(json(answer), content, method + " " + where + " " + body);
                        }
                    }
                }));
        server.assertHealthy();
    }

    @Test
    void references_of_the_document_lead_somewhere() {
        List<String> references = new ArrayList<>(document.findValuesAsText("$ref"));
        assertThat(references).isNotEmpty();
        for (String reference : references) {
            assertThat(document.at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse();
        }
    }

    /** As much of JSON Schema as the document uses. */
    private void assertFits(JsonNode value, JsonNode given, String where) {
        JsonNode schema =
                given.has("$ref") ? document.at(given.path("$ref").asText().substring(1)) : given;
        Map<String, Boolean> types = Map.of(
                "object", value.isObject(),
                "array", value.isArray(),
                "string", value.isTextual(),
                "boolean", value.isBoolean(),
                "integer", value.isIntegralNumber(),
                "number", value.isNumber());
        List<String> allowed = new ArrayList<>();
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            type.forEach(each -> allowed.add(each.asText()));
        } else if (type.isTextual()) {
            allowed.add(type.asText());
        }
        assertThat(allowed.isEmpty() || allowed.stream().anyMatch(each -> Boolean.TRUE.equals(types.get(each))))
                .as("%s: %s is %s", where, value, allowed)
                .isTrue();
        schema.path("required")
                .forEach(key -> assertThat(value.has(key.asText()))
                        .as(where + ": " + key)
                        .isTrue());
        schema.path("properties").fields().forEachRemaining(property -> {
            if (value.has(property.getKey())) {
                assertFits(value.path(property.getKey()), property.getValue(), where + "." + property.getKey());
            }
        });
        if (schema.has("items")) {
            value.forEach(item -> assertFits(item, schema.path("items"), where + "[]"));
        }
        if (schema.has("enum")) {
            assertThat(schema.path("enum").toString()).as(where).contains(value.toString());
        }
    }
}
