package dev.jumbo.serve.http;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.server.HttpService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One route of the server. It is served and described from this record alone, so that the OpenAPI document says what is there.
 *
 * @param path with parameters in braces, {@code /v2/models/{model}}, and no slash at its end
 * @param summary one sentence
 * @param takes forms of the body, any of which will do; none where it takes no body
 * @param bodyNeeded whether a body must be sent
 * @param replies what it may answer; errors that any route answers (401, 403, 405, 500) need not be told
 * @param maxBodyBytes a longer body gets 413
 */
public record Route(
        HttpMethod method,
        String path,
        String summary,
        List<Body> takes,
        boolean bodyNeeded,
        List<Reply> replies,
        long maxBodyBytes,
        HttpService service) {
    /** A GET has no body worth reading. */
    private static final long MAX_GET_BODY_BYTES = 1024;

    /** The schema of {@code {"error": "..."}}. */
    public static final String ERROR = "Error";

    /**
     * A form of a body.
     *
     * @param type a media type
     * @param schema the name of a schema of the OpenAPI document
     */
    public record Body(String type, String schema) {
        public static Body json(String schema) {
            return new Body("application/json", schema);
        }
    }

    /** What may be answered. @param bodies its forms; none for an empty one */
    public record Reply(int status, String summary, List<Body> bodies) {
        public static Reply ok(Body... bodies) {
            return new Reply(200, "the answer", List.of(bodies));
        }

        public static Reply error(int status, String summary) {
            return new Reply(status, summary, List.of(Body.json(ERROR)));
        }
    }

    /** A route that reads: it answers HEAD too. */
    public static Route get(String path, String summary, HttpService service, Reply... replies) {
        return new Route(
                HttpMethod.GET, path, summary, List.of(), false, List.of(replies), MAX_GET_BODY_BYTES, service);
    }

    /** A route that takes a body. */
    public static Route post(
            String path, String summary, long maxBodyBytes, List<Body> takes, HttpService service, Reply... replies) {
        List<Reply> all = new ArrayList<>(Arrays.asList(replies));
        all.add(Reply.error(413, "the body is longer than the server takes"));
        return new Route(HttpMethod.POST, path, summary, takes, true, List.copyOf(all), maxBodyBytes, service);
    }

    /** The same, and a request without a body will do. */
    public Route bodyOptional() {
        return new Route(method, path, summary, takes, false, replies, maxBodyBytes, service);
    }
}
