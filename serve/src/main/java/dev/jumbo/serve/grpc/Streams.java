package dev.jumbo.serve.grpc;

import com.linecorp.armeria.server.ServiceRequestContext;

/** Calls that stay open as long as the caller wants. */
final class Streams {
    private Streams() {}

    /** Takes from a call the limits of a single request, unless its caller set a deadline. */
    static void keepOpen(ServiceRequestContext ctx) {
        ctx.setMaxRequestLength(0); // each message has its own limit
        if (!ctx.request().headers().contains("grpc-timeout")) {
            ctx.clearRequestTimeout();
        }
    }
}
