package dev.jumbo.serve.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An error before a call reached its service, said to a client of gRPC: such a client sees neither the status nor the body of HTTP. The
 * codes are those of the published mapping, and finer where it has only UNKNOWN.
 */
final class GrpcStatusText {
    private GrpcStatusText() {}

    static boolean isAsked(RequestHeaders request) {
        @Nullable String type = request.get(HttpHeaderNames.CONTENT_TYPE);
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("application/grpc");
    }

    static ResponseHeaders headers(HttpStatus status, String message) {
        return ResponseHeaders.builder(HttpStatus.OK)
                .endOfStream(true)
                .add(HttpHeaderNames.CONTENT_TYPE, "application/grpc")
                .add("grpc-status", Integer.toString(code(status.code())))
                .add("grpc-message", escaped(Responses.sayable(message)))
                .build();
    }

    private static int code(int status) {
        return switch (status) {
            case 400, 415 -> 3; // INVALID_ARGUMENT
            case 401 -> 16; // UNAUTHENTICATED
            case 403 -> 7; // PERMISSION_DENIED
            case 404, 405, 501 -> 12; // UNIMPLEMENTED
            case 408 -> 4; // DEADLINE_EXCEEDED
            case 413, 429 -> 8; // RESOURCE_EXHAUSTED
            case 503 -> 14; // UNAVAILABLE
            default -> 13; // INTERNAL
        };
    }

    /** Percent-encoded UTF-8, as grpc-message is. */
    private static String escaped(String message) {
        StringBuilder text = new StringBuilder();
        for (byte each : message.getBytes(StandardCharsets.UTF_8)) {
            if (each >= ' ' && each < 127 && each != '%') {
                text.append((char) each);
            } else {
                text.append('%').append(String.format(Locale.ROOT, "%02X", each & 0xff));
            }
        }
        return text.toString();
    }
}
