package dev.jumbo.serve.observe;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import java.net.URI;
import java.net.URISyntaxException;

/** Where spans of requests are sent. */
@Doc("Where spans of requests are sent, by OTLP over HTTP.")
public record TracesConfig(
        @Doc("The collector, as in http://collector:4318; v1/traces is added where there is no path.")
        String endpoint,

        @Doc("The share of requests that are traced, where the caller has not decided.") @Default("1")
        double sample,

        @Doc("What the server is called in traces.") @Default("jumbo")
        String serviceName,

        @Doc("Spans that may wait to be sent; further ones are dropped.") @Default("2048")
        int queue) {
    private static final String PATH = "/v1/traces";

    public TracesConfig {
        URI uri = uri(endpoint);
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!http || uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawQuery() != null) {
            throw refused(endpoint);
        }
        if (!(sample >= 0 && sample <= 1)) {
            throw new InputException("serve.observe.traces.sample: expected 0 to 1, received " + sample);
        }
        if (serviceName.isBlank()) {
            throw new InputException("serve.observe.traces.service_name: expected a name, received an empty one");
        }
        if (queue < 1 || queue > 1 << 20) {
            throw new InputException("serve.observe.traces.queue: expected 1 to 1048576, received " + queue);
        }
    }

    /** All requests, to a collector. */
    public static TracesConfig to(String endpoint) {
        return new TracesConfig(endpoint, 1, "jumbo", 2048);
    }

    /** Where spans go. */
    URI target() {
        URI uri = uri(endpoint);
        String path = uri.getRawPath();
        return path == null || path.isEmpty() || path.equals("/") ? uri.resolve(PATH) : uri;
    }

    private static URI uri(String endpoint) {
        try {
            return new URI(endpoint);
        } catch (URISyntaxException e) {
            throw refused(endpoint);
        }
    }

    private static InputException refused(String endpoint) {
        // What stands before an @ may be a secret.
        return new InputException("serve.observe.traces.endpoint: expected an address as http://collector:4318, without"
                + " user, password and query, received \"" + endpoint.replaceAll("//[^/]*@", "//...@") + "\"");
    }
}
