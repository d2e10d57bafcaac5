package dev.jumbo.serve.http;

import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.ServiceRequestContext;
import org.jspecify.annotations.Nullable;

/** Counts requests that are refused once more without being looked at again. */
@FunctionalInterface
public interface Repeats {
    /** Counts the repetitions of one refusal; it keeps nothing of its request. */
    @FunctionalInterface
    interface Counted {
        /** @param received bytes of the body @param nanos from the head of the request to its answer */
        void refused(long received, long nanos);
    }

    /** Who counts what is said again as it was said to a request; null if it may not be. */
    @Nullable
    Counted counted(ServiceRequestContext ctx, RequestLog whole);
}
